import type { FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

const HOST = /^[A-Za-z0-9.\-_[\]:]{1,255}$/;

/** Origins whose host was found to be one: clients send the same Host with every request. */
const known = new LRUCache<string, true>({ max: 256 });

/**
 * The origin by which the client reached us, `http://127.0.0.1:4600`, with the path that trusted proxies cut off behind
 * it; the emulator's own address when Host is no host.
 */
export function originOf(request: FastifyRequest): string {
  const { host, protocol, prefix } = request.server.httpContext.clientSideOf(request);
  const origin = `${protocol}://${host}${prefix}`;
  if (known.has(origin)) return origin;
  if (HOST.test(host)) {
    known.set(origin, true);
    return origin;
  }
  const { localAddress, localPort } = request.socket;
  return `${protocol}://${localAddress ?? "127.0.0.1"}:${localPort ?? 80}`;
}

/** The origin that a URL in an answer or a webhook is built on: the sandbox's or server's pinned one, else `origin`. */
export function publicOrigin(sandbox: Sandbox, origin: string): string {
  return sandbox.settings.mediaUrl?.replace(/\/+$/, "") ?? origin;
}
