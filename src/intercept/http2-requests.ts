/**
 * Refuses requests to vendors' hosts by HTTP/2. A session writes its frames past the socket's own methods, and one that
 * was opened to a proxy or to an address names the host only in each request.
 */
import { createRequire } from "node:module";
import type http2 from "node:http2";
import { Duplex } from "node:stream";
import { promisify } from "node:util";
import { isEmulated, isVendors, notEmulated, RefusedConnection } from "./emulator.ts";
import { hostOf } from "./written-target.ts";

const require = createRequire(import.meta.url);

type Connect = (...args: unknown[]) => http2.ClientHttp2Session;

/** Guards the sessions that are opened from now on. */
export function guardHttp2Requests(): void {
  const http2Module = require("node:http2") as typeof http2;
  const original: unknown = Reflect.get(http2Module, "connect");
  if (typeof original !== "function") return;
  const connect: Connect = (...args) => {
    const session = Reflect.apply(original, http2Module, args) as http2.ClientHttp2Session;
    guardSession(session, authorityOf(args[0]));
    return session;
  };
  Object.assign(http2Module, { connect: Object.assign(connect, { [promisify.custom]: opening(connect) }) });
}

/** Opens a session and waits until it is open, as the promisified function of Node.js. */
function opening(connect: Connect): (...args: unknown[]) => Promise<http2.ClientHttp2Session> {
  return (...args) =>
    new Promise((resolve, reject) => {
      const session = connect(...args, () => {
        session.removeListener("error", reject);
        resolve(session);
      });
      session.once("error", reject);
    });
}

function guardSession(session: http2.ClientHttp2Session, authority: string): void {
  const request: unknown = Reflect.get(session, "request");
  if (typeof request !== "function") return;
  Object.assign(session, {
    request: (...args: unknown[]): unknown => {
      const named = namedIn(args[0]);
      const hosts = (named.length === 0 ? [authority] : named).map(hostOf);
      const host = hosts.find((each) => each !== undefined && isVendors(each));
      if (host === undefined) return Reflect.apply(request, session, args) as unknown;
      // A session that waits for its connection does not send what it is asked.
      Object.defineProperty(session, "connecting", { value: true, configurable: true });
      const stream: unknown = Reflect.apply(request, session, args);
      Reflect.deleteProperty(session, "connecting");
      return stream instanceof Duplex ? stream.destroy(refusalOf(host)) : stream;
    },
  });
}

function refusalOf(host: string): RefusedConnection {
  return isEmulated(host)
    ? new RefusedConnection(host, "the client speaks HTTP/2, and fauxgen speaks HTTP/1.1")
    : notEmulated(host);
}

/** Returns the authority of the URL to which a session is opened, which its requests have unless they name another. */
function authorityOf(url: unknown): string {
  if (typeof url === "string") return URL.canParse(url) ? new URL(url).host : "";
  if (typeof url !== "object" || url === null) return "";
  return ["host", "hostname"].map((key) => String(Reflect.get(url, key) ?? "")).find((value) => value !== "") ?? "";
}

/** Returns the hosts that a request's headers name; they are an object, or a list of names and values. */
function namedIn(headers: unknown): string[] {
  if (typeof headers !== "object" || headers === null) return [];
  const pairs: (readonly [unknown, unknown])[] = Array.isArray(headers)
    ? headers.flatMap((name: unknown, index) => (index % 2 === 0 ? [[name, headers[index + 1]] as const] : []))
    : Object.entries(headers);
  return pairs.flatMap(([name, value]) =>
    [":authority", "host"].includes(String(name).toLowerCase()) ? [String(value)] : [],
  );
}
