/** Reads the tag and the key of the client from a request. */
import type { FastifyRequest } from "fastify";

/**
 * Returns the client tag `x-sync-source`, such as `mcp` or `comfyui`, by which lists can filter generations [client].
 */
export function sourceOf(request: FastifyRequest): string {
  const source = request.headers["x-sync-source"];
  return typeof source === "string" ? source : "";
}

const BEARER = /^Bearer +(\S+)$/i;

/**
 * Returns the key, or the Bearer token of a tool server's login; a Bearer token counts only from a tool server
 * [client].
 */
export function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers["x-api-key"];
  if (typeof key === "string") return key;
  return /^mcp(?::|$)/.test(sourceOf(request)) ? BEARER.exec(request.headers.authorization ?? "")?.[1] : undefined;
}

/** Returns whether an accepted request has the token of a login instead of a key. */
export function hasToken(request: FastifyRequest): boolean {
  return typeof request.headers["x-api-key"] !== "string";
}
