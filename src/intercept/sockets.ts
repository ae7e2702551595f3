/**
 * Redirects every connection of this process to a vendor's host to the emulator, at the level of sockets, whichever
 * library opens it. A connection is judged by the host that is dialled, by its TLS server name, and by what is written:
 * a CONNECT request to a proxy, a request line, a Host header. What cannot be redirected is refused.
 */
import { createRequire } from "node:module";
import type net from "node:net";
import type tls from "node:tls";
import {
  announce,
  emulatorAddress,
  hasTls,
  isEmulated,
  isEmulator,
  isVendors,
  notEmulated,
  origin,
  plainName,
  RefusedConnection,
} from "./emulator.ts";
import { announceScheme, dressAsTls } from "./plain-tls.ts";
import { WrittenRequests } from "./written-requests.ts";
import { writtenTarget, type WrittenTarget } from "./written-target.ts";

interface Target {
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
  readonly servername?: string | undefined;
  readonly socket?: unknown;
  readonly timeout?: number;
  readonly ALPNProtocols?: unknown;
}

type Done = (error?: Error | null) => void;
interface Part {
  readonly chunk: Buffer | string;
  readonly encoding: BufferEncoding;
}

/** A connection that leaves this process. */
interface Outgoing {
  /** Whether it leads to the emulator, where only a request for a tunnel is judged. */
  readonly isEmulators: boolean;
  readonly requests: WrittenRequests;
  /** The vendor's host to which it was opened without TLS, while the emulator takes only TLS. */
  plainTo?: string;
  /** The vendor's host to which the client was promised a tunnel. */
  tunnelTo?: string;
}

// The export objects of the modules, which every other module of the process uses.
const require = createRequire(import.meta.url);
const netModule = require("node:net") as typeof net;
const tlsModule = require("node:tls") as typeof tls;

const outgoing = new WeakMap<object, Outgoing>();

/** The replaced methods, typed as functions with an explicit `this`. */
const socketPrototype: {
  readonly connect: (this: net.Socket, ...args: never[]) => net.Socket;
  readonly _write: (this: net.Socket, ...args: never[]) => void;
  readonly _writev?: (this: net.Socket, ...args: never[]) => void;
} = netModule.Socket.prototype;
const { connect: connectSocket, _write: write, _writev: writeMany } = socketPrototype;
const setServername: unknown = Reflect.get(tlsModule.TLSSocket.prototype, "setServername");
const connectTls = tlsModule.connect;

/** Redirects from now on. */
export function redirectSockets(): void {
  Object.assign(netModule.Socket.prototype, { connect, _write: writeGuarded, _writev: writeManyGuarded });
  Object.assign(tlsModule.TLSSocket.prototype, { setServername: setServernameGuarded });
  Object.assign(tlsModule, { connect: connectAsTls });
}

/** Returns the target of a `connect` call: its arguments are options, `(port, host)`, or Node.js's normalised array. */
function targetOf(args: readonly unknown[]): Target | undefined {
  const [first, second] = args;
  if (Array.isArray(first)) return targetOf(first);
  const options = args.find((each) => typeof each === "object" && each !== null) ?? {};
  if (typeof first === "object" && first !== null) return options;
  if (typeof first !== "number" && typeof first !== "string") return undefined;
  return { ...options, port: first, ...(typeof second === "string" && { host: second }) };
}

function callbackOf(args: readonly unknown[], socket?: net.Socket): ((...values: unknown[]) => unknown)[] {
  const found = [args, args[0]].flat().find((argument) => typeof argument === "function");
  return typeof found === "function" ? [(...values) => Reflect.apply(found, socket, values) as unknown] : [];
}

/** Returns the options for the emulator. What chose the way to the real host would not lead there. */
function towardsEmulator(target: Target): object {
  const way = { lookup: undefined, family: undefined, hints: undefined, localAddress: undefined, localPort: undefined };
  return { ...target, ...way, path: undefined, socket: undefined, ...emulatorAddress };
}

function connect(this: net.Socket, ...args: unknown[]): net.Socket {
  const target = targetOf(args);
  const host = target?.host;
  if (host === undefined || !isVendors(host)) {
    note(this, isEmulator(host, target?.port));
    Reflect.apply(connectSocket, this, args);
    return this;
  }
  if (!isEmulated(host)) return destroySoon(this, notEmulated(host));
  // It leads to the emulator or nowhere, so what follows on it needs no second refusal.
  const state = note(this, true);
  const isTls = this instanceof tlsModule.TLSSocket;
  if (isTls && !hasTls) return destroySoon(this, madeByHand(host));
  if (!isTls && hasTls) state.plainTo = host;
  announce(host);
  Reflect.apply(connectSocket, this, [towardsEmulator({ ...target }), ...callbackOf(args, this)]);
  return this;
}

function note(socket: net.Socket, isEmulators: boolean): Outgoing {
  const state: Outgoing = { isEmulators, requests: new WrittenRequests() };
  outgoing.set(socket, state);
  return state;
}

function madeByHand(host: string): RefusedConnection {
  return new RefusedConnection(host, "open TLS with tls.connect, which can be redirected");
}

function destroySoon<Given extends net.Socket>(socket: Given, error: Error): Given {
  process.nextTick(() => socket.destroy(error));
  return socket;
}

function connectAsTls(...args: unknown[]): unknown {
  const target = targetOf(args) ?? {};
  const given = target.socket;
  const promised = typeof given === "object" && given !== null ? outgoing.get(given)?.tunnelTo : undefined;
  const host = [target.servername, target.host, promised].find((name) => name !== undefined && isVendors(name));
  if (host === undefined) return Reflect.apply(connectTls, tlsModule, args);
  const refusal = refusalOfTls(host, target);
  if (refusal !== undefined) {
    closeWith(given);
    return destroySoon(dressAsTls(new netModule.Socket(), false), refusal);
  }
  announce(host);
  const socket = hasTls ? openTls(host, target, args) : openPlain(host, target, args);
  // The connection that the caller opened to a proxy or to an address is not used, and must not keep the process alive.
  if (given instanceof netModule.Socket) given.unref();
  socket.once("close", () => {
    closeWith(given);
  });
  return socket;
}

function closeWith(given: unknown): void {
  if (!(given instanceof netModule.Socket)) return;
  given.on("error", () => undefined);
  given.destroy();
}

function refusalOfTls(host: string, target: Target): RefusedConnection | undefined {
  if (!isEmulated(host)) return notEmulated(host);
  return protocolsOf(target).length > 0 && !protocolsOf(target).includes("http/1.1")
    ? new RefusedConnection(
        host,
        `the client offers only ${protocolsOf(target).join(", ")}, and fauxgen speaks HTTP/1.1`,
      )
    : undefined;
}

/** Returns the application protocols that a client offers, such as `h2`. */
function protocolsOf({ ALPNProtocols: offered }: Target): string[] {
  if (Array.isArray(offered)) return offered.map(String);
  if (!(offered instanceof Uint8Array)) return [];
  const names: string[] = [];
  for (let start = 0; start < offered.length; start += 1 + (offered[start] ?? 0))
    names.push(Buffer.from(offered.subarray(start + 1, start + 1 + (offered[start] ?? 0))).toString("latin1"));
  return names;
}

/** Opens TLS to an emulator that has a certificate for the vendors' hosts, so the server name stays unchanged. */
function openTls(host: string, target: Target, args: readonly unknown[]): net.Socket {
  const options = { ...towardsEmulator(target), servername: plainName(host), ALPNProtocols: ["http/1.1"] };
  const connected: unknown = Reflect.apply(connectTls, tlsModule, [options, ...callbackOf(args)]);
  if (!(connected instanceof netModule.Socket)) throw new TypeError("tls.connect returned no socket.");
  return connected;
}

function openPlain(host: string, target: Target, args: readonly unknown[]): net.Socket {
  const protocols = protocolsOf(target);
  const socket = dressAsTls(new netModule.Socket(), protocols.includes("http/1.1") ? "http/1.1" : false);
  for (const callback of callbackOf(args)) socket.once("secureConnect", callback);
  if (target.timeout !== undefined) socket.setTimeout(target.timeout);
  socket.connect(emulatorAddress);
  outgoing.delete(socket);
  announceScheme(socket, plainName(host));
  note(socket, true);
  return socket;
}

/** Only a TLS socket that was made by hand gets a vendor's name here while it does not lead to the emulator. */
function setServernameGuarded(this: tls.TLSSocket, name: string): void {
  if (isVendors(name) && outgoingOf(this)?.isEmulators === false) throw madeByHand(name);
  if (typeof setServername === "function") Reflect.apply(setServername, this, [name]);
}

/** Returns what is known of an outgoing connection; TLS on another connection goes where that connection goes. */
function outgoingOf(socket: net.Socket): Outgoing | undefined {
  const known = outgoing.get(socket);
  if (known !== undefined || !(socket instanceof tlsModule.TLSSocket)) return known;
  if (isServerSide(socket)) return undefined;
  const parent: unknown = Reflect.get(socket, "_parent");
  // Without a parent, it uses a stream of the app, and where that leads is not known.
  if (!(parent instanceof netModule.Socket)) return note(socket, false);
  const state = outgoing.get(parent);
  return state === undefined ? undefined : note(socket, state.isEmulators);
}

function isServerSide(socket: tls.TLSSocket): boolean {
  const options: unknown = Reflect.get(socket, "_tlsOptions");
  return typeof options === "object" && options !== null && "isServer" in options && options.isServer === true;
}

function writeGuarded(this: net.Socket, chunk: Part["chunk"], encoding: BufferEncoding, done: Done): void {
  const verdict = judgeWrite(this, [{ chunk, encoding }]);
  if (verdict === undefined) Reflect.apply(write, this, [chunk, encoding, done]);
  else finishWrite(this, verdict, done);
}

function writeManyGuarded(this: net.Socket, parts: readonly Part[], done: Done): void {
  const verdict = judgeWrite(this, parts);
  if (verdict !== undefined) finishWrite(this, verdict, done);
  else if (writeMany !== undefined) Reflect.apply(writeMany, this, [parts, done]);
}

/** Bytes to write in place of those that were given (none, if they are held or answered here), or a refusal. */
type Verdict = Buffer | RefusedConnection;

function finishWrite(socket: net.Socket, verdict: Verdict, done: Done): void {
  if (verdict instanceof Error) done(verdict);
  else if (verdict.length === 0) process.nextTick(done);
  else Reflect.apply(write, socket, [verdict, "buffer", done]);
}

/** Returns undefined if the bytes may be written as they are. */
function judgeWrite(socket: net.Socket, parts: readonly Part[]): Verdict | undefined {
  const state = outgoingOf(socket);
  if (state === undefined) return undefined;
  const { plainTo, tunnelTo, requests, isEmulators } = state;
  if (plainTo !== undefined)
    return new RefusedConnection(plainTo, `the client uses no TLS, and FAUXGEN_URL is ${origin}; name its http URL`);
  if (tunnelTo !== undefined)
    return new RefusedConnection(tunnelTo, "only tls.connect can use the tunnel that its proxy was asked for");
  if (isEmulators) {
    const asked = writtenTarget(bytesOf(parts), isVendors);
    return asked === undefined ? undefined : answerTunnel(socket, state, asked);
  }
  const judged = requests.take(bytesOf(parts), isVendors);
  return "found" in judged ? (answerTunnel(socket, state, judged.found) ?? refusalOf(judged.found)) : judged.bytes;
}

function bytesOf(parts: readonly Part[]): Buffer {
  const [first, ...others] = parts.map(({ chunk, encoding }) =>
    typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk,
  );
  return first !== undefined && others.length === 0 ? first : Buffer.concat([first ?? Buffer.alloc(0), ...others]);
}

/** Answers a request for a tunnel to an emulated host in the proxy's place; the proxy never sees it. */
function answerTunnel(socket: net.Socket, state: Outgoing, { host, how, isWhole }: WrittenTarget): Buffer | undefined {
  if (how !== "tunnel" || !isWhole || !isEmulated(host)) return undefined;
  state.tunnelTo = host;
  process.nextTick(() => {
    if (!socket.destroyed) socket.push(Buffer.from("HTTP/1.1 200 Connection established\r\n\r\n"));
  });
  return Buffer.alloc(0);
}

const ADVICE: Readonly<Record<WrittenTarget["how"], string>> = {
  tunnel: "its proxy was asked for a tunnel in a way that cannot be redirected",
  request: "a request to a proxy or to an address cannot be redirected; use https, or no proxy for this host",
  handshake: "its TLS handshake was not made by Node.js, so it cannot be redirected",
  socks: "a SOCKS proxy cannot be redirected; use no proxy for this host",
};

function refusalOf({ host, how }: WrittenTarget): RefusedConnection {
  return isEmulated(host) ? new RefusedConnection(host, ADVICE[how]) : notEmulated(host);
}
