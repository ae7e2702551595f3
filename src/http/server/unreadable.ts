/** What cannot be read as a request: URLs that do not decode, and bytes that are no HTTP. */
import type { Duplex } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest, RawRequestDefaultExpression } from "fastify";

/** Where requests end up whose headers are refused, whatever they asked for, and the status that they get. */
const TOO_MANY_HEADERS = "/_fauxgen_too_many_headers";
const TWO_HOSTS = "/_fauxgen_two_hosts";
const REFUSED_HEADERS: readonly (readonly [url: string, status: number])[] = [
  [TOO_MANY_HEADERS, 431],
  [TWO_HOSTS, 400],
];

/** Answers requests whose headers are too many or name two hosts as those are answered that cannot be read at all. */
export function refuseHeaders(app: FastifyInstance): void {
  for (const [url, status] of REFUSED_HEADERS) {
    const refuse = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
      reply.code(status).header("connection", "close").send();
    // Before a body is read, which would be answered in other words where it cannot be.
    app.all(url, { schema: { hide: true }, onRequest: refuse }, refuse);
  }
}

/**
 * A path whose percent signs do not decode is taken literally, as names with percent signs in them. The router would
 * otherwise answer it before any vendor has seen it; so it is an unknown id or route like any other.
 */
export function readableUrl({ url = "/", rawHeaders }: RawRequestDefaultExpression, maxHeaders: number): string {
  if (rawHeaders.length > 2 * maxHeaders) return TOO_MANY_HEADERS;
  if (namesTwoHosts(rawHeaders)) return TWO_HOSTS;
  if (!url.includes("%")) return url;
  const end = url.indexOf("?");
  const path = end === -1 ? url : url.slice(0, end);
  try {
    decodeURIComponent(path);
    return url;
  } catch {
    return path.replaceAll("%", "%25") + (end === -1 ? "" : url.slice(end));
  }
}

/** Node takes the first, others the last: who checks the one may serve the other. */
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

/** Before a URL is known there is no vendor to speak for: a bare status, and a close. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const status = REFUSALS[error.code ?? ""] ?? "400 Bad Request";
  if (socket.writable && !isAnswering(socket))
    socket.write(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  socket.destroy(error);
}

/** Whether an answer has begun on it, to a request before: whatever came between would be read as a part of that. */
function isAnswering(socket: Duplex): boolean {
  const message: unknown = Reflect.get(socket, "_httpMessage");
  return typeof message === "object" && message !== null && "headersSent" in message && message.headersSent === true;
}
