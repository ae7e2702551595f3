/**
 * Redirects clients with a hard-coded vendor host to the emulator, in `node --import fauxgen/intercept app.js`.
 *
 * Every TCP connection to a vendor's host goes to the emulator at `FAUXGEN_URL` instead (default
 * `http://127.0.0.1:4600`). This works for global `fetch`, undici with any dispatcher, `http` and `https`.
 * Sockets are redirected when they are opened, so this process cannot reach a real host and a test cannot spend money.
 * A TLS connection becomes a plain connection that looks like TLS to its caller; the emulator is on this machine or
 * network. Each redirected host is named once on stderr; `FAUXGEN_INTERCEPT_QUIET=1` suppresses that.
 */
import { createRequire, syncBuiltinESMExports } from "node:module";
import type net from "node:net";
import type tls from "node:tls";
import { realHosts } from "../vendors/real-hosts.ts";

interface Target {
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
}

// The export objects of the modules, which every other module of the process uses.
const require = createRequire(import.meta.url);
const netModule = require("node:net") as typeof net;
const tlsModule = require("node:tls") as typeof tls;

const { hostname, port, protocol, origin } = new URL(process.env.FAUXGEN_URL ?? "http://127.0.0.1:4600");
const isQuiet = process.env.FAUXGEN_INTERCEPT_QUIET === "1";
const emulatorAddress = {
  host: hostname.replace(/^\[|\]$/g, ""),
  port: Number(port === "" ? (protocol === "https:" ? 443 : 80) : port),
} as const;
const redirected: readonly string[] = Object.values(realHosts).flat();
const announced = new Set<string>();

/** The prototype, with `connect` typed as a function with an explicit `this`. */
const socketPrototype: { readonly connect: (this: net.Socket, ...args: never[]) => net.Socket } =
  netModule.Socket.prototype;
const connectSocket = socketPrototype.connect;
const connectTls = tlsModule.connect;

function isRealHost(host: string | undefined): host is string {
  return host !== undefined && redirected.includes(host.toLowerCase().replace(/\.$/, ""));
}

function announce(host: string): void {
  if (isQuiet || announced.has(host)) return;
  announced.add(host);
  process.stderr.write(`fauxgen/intercept: ${host} -> ${origin}\n`);
}

/** Returns the target of a `connect` call: its arguments are options, `(port, host)`, or Node.js's normalised array. */
function targetOf(args: readonly unknown[]): Target | undefined {
  const [first, second] = args;
  if (Array.isArray(first)) return targetOf(first);
  if (typeof first === "object" && first !== null) return first;
  if (typeof first !== "number" && typeof first !== "string") return undefined;
  return { port: first, host: typeof second === "string" ? second : undefined };
}

netModule.Socket.prototype.connect = function connect(this: net.Socket, ...args: unknown[]): net.Socket {
  const target = targetOf(args);
  if (!isRealHost(target?.host)) {
    Reflect.apply(connectSocket, this, args);
    return this;
  }
  announce(target.host);
  const callback = [args, args[0]].flat().find((argument) => typeof argument === "function");
  Reflect.apply(connectSocket, this, [
    { ...target, ...emulatorAddress },
    ...(callback === undefined ? [] : [callback]),
  ]);
  return this;
};

function connectAsTls(...args: unknown[]): unknown {
  const target = targetOf(args);
  if (!isRealHost(target?.host)) return Reflect.apply(connectTls, tlsModule, args);
  announce(target.host);
  // An emulator with TLS has a certificate for these hosts, so the server name stays unchanged.
  if (protocol === "https:")
    return Reflect.apply(connectTls, tlsModule, [
      { ...target, ...emulatorAddress, servername: target.host },
      ...args.slice(1),
    ]);
  const callback = args.find((argument) => typeof argument === "function");
  const socket = dressAsTls(new netModule.Socket());
  if (typeof callback === "function")
    socket.once("secureConnect", () => {
      Reflect.apply(callback, socket, []);
    });
  return socket.connect(emulatorAddress);
}

/** Adds the members of a TLS socket that callers use after the connection is open. */
function dressAsTls(socket: net.Socket): net.Socket {
  socket.once("connect", () => socket.emit("secureConnect"));
  return Object.assign(socket, {
    encrypted: true,
    authorized: true,
    authorizationError: null,
    alpnProtocol: false,
    servername: false,
    getPeerCertificate: () => ({}),
    getProtocol: () => "TLSv1.3",
    getCipher: () => ({ name: "none", standardName: "none", version: "TLSv1.3" }),
    getSession: () => undefined,
    isSessionReused: () => false,
    setSession: () => undefined,
    setServername: () => undefined,
  });
}

Object.assign(tlsModule, { connect: connectAsTls });
syncBuiltinESMExports();
