/**
 * `node --import fauxgen/intercept app.js`: clients that cannot be told a base URL reach the emulator all the same.
 *
 * Every TCP connection to one of the vendors' hosts goes to the emulator at `FAUXGEN_URL` instead (default
 * `http://127.0.0.1:4600`), whatever made it: global `fetch`, undici with any dispatcher, `http`, `https`. It is done
 * where sockets are opened, so that nothing in this process can reach the real host, and no test can spend money.
 * A TLS connection becomes a plain one that looks like TLS to its caller; the emulator is on this machine or network.
 * Each redirected host is named once on stderr; `FAUXGEN_INTERCEPT_QUIET=1` keeps that quiet.
 */
import { createRequire, syncBuiltinESMExports } from "node:module";
import type net from "node:net";
import type tls from "node:tls";
import { realHosts } from "../vendors/real-hosts.ts";

interface Target {
  readonly host?: string | undefined;
  readonly port?: string | number | undefined;
}

// The modules' own export objects: what every other module of the process calls through.
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

/** Typed as a function, since it is called with the socket that it is asked of. */
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

/** What `connect` was asked for, out of its many forms: options, `(port, host)`, or node's own normalised array. */
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
  // An emulator that speaks TLS has a certificate for these hosts, so the server name may stay what it was.
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

/** What callers ask of a TLS socket once it is connected. */
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
