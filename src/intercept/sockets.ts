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
  plainName,
  RefusedConnection,
} from "./emulator.ts";
import { announceScheme, dressAsTls } from "./plain-tls.ts";
import { isIncompleteHead, writtenTarget, type WrittenTarget } from "./written-target.ts";

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

/** A connection that leaves this process and does not lead to the emulator. */
interface Outgoing {
  /** The held bytes of a request whose headers are not complete. */
  head: Buffer;
  /** The vendor's host to which the client was promised a tunnel. */
  tunnelTo?: string;
}

// The export objects of the modules, which every other module of the process uses.
const require = createRequire(import.meta.url);
const netModule = require("node:net") as typeof net;
const tlsModule = require("node:tls") as typeof tls;

/** Longer heads are not held; Node.js and proxies refuse them. */
const MOST_HEAD_BYTES = 64 * 1024;

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

function callbackOf(args: readonly unknown[]): ((...values: unknown[]) => unknown)[] {
  const found = [args, args[0]].flat().find((argument) => typeof argument === "function");
  return typeof found === "function" ? [(...values) => Reflect.apply(found, undefined, values) as unknown] : [];
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
    if (!isEmulator(host, target?.port)) outgoing.set(this, { head: Buffer.alloc(0) });
    Reflect.apply(connectSocket, this, args);
    return this;
  }
  if (!isEmulated(host)) return destroySoon(this, notEmulated(host));
  announce(host);
  Reflect.apply(connectSocket, this, [towardsEmulator({ ...target }), ...callbackOf(args)]);
  return this;
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
  // The connection that the caller opened to a proxy or to an address is not used.
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
  announceScheme(socket, plainName(host));
  return socket;
}

/** Only a TLS socket that was made by hand gets a vendor's name here while it does not lead to the emulator. */
function setServernameGuarded(this: tls.TLSSocket, name: string): void {
  if (isVendors(name) && outgoingOf(this) !== undefined)
    throw new RefusedConnection(name, "open TLS with tls.connect, which can be redirected");
  if (typeof setServername === "function") Reflect.apply(setServername, this, [name]);
}

/** Returns what is known of an outgoing connection; a TLS socket that was made by hand goes where its socket goes. */
function outgoingOf(socket: net.Socket): Outgoing | undefined {
  const known = outgoing.get(socket);
  if (known !== undefined) return known;
  const parent: unknown = Reflect.get(socket, "_parent");
  if (typeof parent !== "object" || parent === null || !outgoing.has(parent)) return undefined;
  const state = { head: Buffer.alloc(0) };
  outgoing.set(socket, state);
  return state;
}

function writeGuarded(this: net.Socket, chunk: Part["chunk"], encoding: BufferEncoding, done: Done): void {
  const judged = judgeWrite(this, [{ chunk, encoding }]);
  if (judged === undefined) Reflect.apply(write, this, [chunk, encoding, done]);
  else finishWrite(this, judged, done);
}

function writeManyGuarded(this: net.Socket, parts: readonly Part[], done: Done): void {
  const judged = judgeWrite(this, parts);
  if (judged !== undefined) finishWrite(this, judged, done);
  else if (writeMany !== undefined) Reflect.apply(writeMany, this, [parts, done]);
}

/** Bytes to write in place of those that were given (none, if they are held or answered here), or a refusal. */
type Judged = Buffer | RefusedConnection;

function finishWrite(socket: net.Socket, judged: Judged, done: Done): void {
  if (judged instanceof Error) done(judged);
  else if (judged.length === 0) process.nextTick(done);
  else Reflect.apply(write, socket, [judged, "buffer", done]);
}

/** Returns undefined if the bytes may be written as they are. */
function judgeWrite(socket: net.Socket, parts: readonly Part[]): Judged | undefined {
  const state = outgoingOf(socket);
  if (state === undefined) return undefined;
  const { tunnelTo, head } = state;
  if (tunnelTo !== undefined)
    return new RefusedConnection(tunnelTo, "only tls.connect can use the tunnel that its proxy was asked for");
  const bytes = Buffer.concat([
    head,
    ...parts.map(({ chunk, encoding }) => (typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk)),
  ]);
  const found = writtenTarget(bytes, isVendors);
  if (found !== undefined) return answerTunnel(socket, state, found) ?? refusalOf(found);
  const isHeld = bytes.length <= MOST_HEAD_BYTES && isIncompleteHead(bytes);
  state.head = isHeld ? bytes : Buffer.alloc(0);
  if (isHeld) return Buffer.alloc(0);
  return head.length > 0 ? bytes : undefined;
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
