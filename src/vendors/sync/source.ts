/** What a request says of the client that sends it: its kind, and its key. */
import type { FastifyRequest } from "fastify";

/** The client tag `x-sync-source`, such as `mcp` or `comfyui`, by which generations can be listed [client]. */
export function sourceOf(request: FastifyRequest): string {
  const source = request.headers["x-sync-source"];
  return typeof source === "string" ? source : "";
}

const BEARER = /^Bearer +(\S+)$/i;

/** The key, or the token of a tool server's login; a Bearer token counts only from such a client [client]. */
export function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers["x-api-key"];
  if (typeof key === "string") return key;
  return /^mcp(?::|$)/.test(sourceOf(request)) ? BEARER.exec(request.headers.authorization ?? "")?.[1] : undefined;
}
