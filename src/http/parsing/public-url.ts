/** Finds the origin of a request, and the origin of the URLs in its answer. */
import type { FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

const HOST = /^[A-Za-z0-9.\-_[\]:]{1,255}$/;

/** A cache of origins with a valid host, because clients send the same Host with every request. */
const known = new LRUCache<string, true>({ max: 256 });

/**
 * Returns the origin by which the client reached the emulator, such as `http://127.0.0.1:4600`, followed by the path
 * that trusted proxies cut off. Returns the emulator's own address if the Host header is not a valid host.
 */
export function originOf(request: FastifyRequest): string {
  const { host, protocol, prefix } = request.server.httpContext.clientSideOf(request);
  const origin = `${protocol}://${host}${prefix}`;
  if (known.has(origin)) return origin;
  if (HOST.test(host)) {
    known.set(origin, true);
    return origin;
  }
  const { localAddress = "127.0.0.1", localPort = 80 } = request.socket;
  return `${protocol}://${localAddress.includes(":") ? `[${localAddress}]` : localAddress}:${localPort}`;
}

/** Returns the origin of URLs in answers and webhooks: that of the sandbox's or server's settings, else `origin`. */
export function publicOrigin(sandbox: Sandbox, origin: string): string {
  return sandbox.settings.mediaUrl?.replace(/\/+$/, "") ?? origin;
}
