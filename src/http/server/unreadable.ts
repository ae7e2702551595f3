/** Handles requests that cannot be read: URLs that do not decode, refused headers, and bytes that are not HTTP. */
import type { Duplex } from "node:stream";
import { isOwnHost } from "./own-hosts.ts";
import { HANDSHAKE, refusalOfTarget } from "./tunnels.ts";
import type {
  ConnectionError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawRequestDefaultExpression,
} from "fastify";

/** The URL to which a request to another host is rewritten, which only a client that takes this server for a proxy sends. */
const OTHER_HOST = "/_fauxgen_other_host";

/** The URLs to which requests with refused headers are rewritten, and the status that each answers. */
const TOO_MANY_HEADERS = "/_fauxgen_too_many_headers";
const TWO_HOSTS = "/_fauxgen_two_hosts";
const REFUSED_HEADERS: readonly (readonly [url: string, status: number])[] = [
  [TOO_MANY_HEADERS, 431],
  [TWO_HOSTS, 400],
];

/** Answers requests that have too many headers or two hosts like requests that cannot be read, and those to other hosts. */
export function refuseRewritten(app: FastifyInstance, realHosts: readonly string[]): void {
  const line = `fauxgen: ${refusalOfTarget(realHosts)}\n`;
  const refuseHost = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    reply.code(403).header("connection", "close").type("text/plain; charset=utf-8").send(line);
  app.all(OTHER_HOST, { schema: { hide: true }, onRequest: refuseHost }, refuseHost);
  for (const [url, status] of REFUSED_HEADERS) {
    const refuse = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      reply.code(status).header("connection", "close").send();
    // Answers before the body is read, because an unreadable body would get another answer.
    app.all(url, { schema: { hide: true }, onRequest: refuse }, refuse);
  }
}

/**
 * Returns the URL for the router: only the path and the query of an absolute target, which clients behind a proxy send.
 * A path whose percent signs do not decode is taken literally. Otherwise the router would refuse it before a vendor's
 * code runs; this way it gets the vendor's answer to an unknown id or route.
 */
export function readableUrl(
  { url: target = "/", rawHeaders }: RawRequestDefaultExpression,
  maxHeaders: number,
  names: readonly string[],
): string {
  if (rawHeaders.length > 2 * maxHeaders) return TOO_MANY_HEADERS;
  if (namesTwoHosts(rawHeaders)) return TWO_HOSTS;
  const [origin = ""] = target.startsWith("/") ? [] : (ORIGIN.exec(target) ?? []);
  if (origin !== "" && !isOwnHost(hostOf(origin), names)) return OTHER_HOST;
  const url = withoutOrigin(target, origin);
  if (!url.includes("%")) return url;
  const end = url.indexOf("?");
  const path = end === -1 ? url : url.slice(0, end);
  return decodes(path) ? url : path.replaceAll("%", "%25") + (end === -1 ? "" : url.slice(end));
}

/** Matches the scheme and host of an absolute target. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

function hostOf(origin: string): string {
  return origin.replace(/^.*[/@]/, "").replace(/\.(?=:\d*$|$)/, "");
}

function withoutOrigin(target: string, origin: string): string {
  if (origin === "") return target;
  const url = target.slice(origin.length);
  return url.startsWith("/") ? url : `/${url}`;
}

/** Returns whether a path can be decoded. The result must be used: a minifier drops a call that seems to do nothing. */
function decodes(path: string): boolean {
  try {
    return decodeURIComponent(path).length > 0;
  } catch {
    return false;
  }
}

/** Returns whether the headers name two hosts. Node reads the first and proxies may read the last, which is unsafe. */
function namesTwoHosts(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === "host") count += 1;
  }
  return count > 1;
}

const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** Answers a bare status and closes the socket, because the vendor is unknown before a URL is read. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const status = REFUSALS[error.code ?? ""] ?? "400 Bad Request";
  if (socket.writable && !isAnswering(socket))
    socket.write(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  socket.destroy(error);
}

/**
 * Refuses what is not HTTP on the port of plain HTTP. A client that speaks TLS there sees only a failed handshake, so the
 * log says what happened.
 */
export function refuseNotPlain(this: FastifyInstance, error: ConnectionError, socket: Duplex): void {
  const { rawPacket } = error;
  if (Buffer.isBuffer(rawPacket) && rawPacket[0] === HANDSHAKE)
    this.log.warn(
      "A client speaks TLS to the port of plain HTTP. Give it a base URL with http://, or start fauxgen with --tls and use its HTTPS port.",
    );
  refuseUnreadable(error, socket);
}

/** Returns whether an earlier request's answer has begun on the socket; more bytes would become part of that answer. */
function isAnswering(socket: Duplex): boolean {
  const message: unknown = Reflect.get(socket, "_httpMessage");
  return typeof message === "object" && message !== null && "headersSent" in message && message.headersSent === true;
}
