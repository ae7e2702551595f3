/** What cannot be read as a request: URLs that do not decode, and bytes that are no HTTP. */
import type { Duplex } from "node:stream";
import type { FastifyInstance, RawRequestDefaultExpression } from "fastify";

/** Where requests with more headers than are taken end up, whatever they asked for. No client can ask for it. */
const TOO_MANY_HEADERS = "/_fauxgen_too_many_headers";

/** Answers requests with too many headers as those whose headers are too long are answered. */
export function refuseManyHeaders(app: FastifyInstance): void {
  app.all(TOO_MANY_HEADERS, { schema: { hide: true } }, async (_request, reply) =>
    reply.code(431).header("connection", "close").send(),
  );
}

/**
 * A path whose percent signs do not decode is taken literally, as names with percent signs in them. The router would
 * otherwise answer it before any vendor has seen it; so it is an unknown id or route like any other.
 */
export function readableUrl({ url = "/", rawHeaders }: RawRequestDefaultExpression, maxHeaders: number): string {
  if (rawHeaders.length > 2 * maxHeaders) return TOO_MANY_HEADERS;
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
