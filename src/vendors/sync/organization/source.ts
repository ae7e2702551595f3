/** Reads the tag and the key of the client from a request. */
import type { FastifyRequest } from "fastify";

/**
 * Returns the client tag `x-sync-source`, such as `mcp` or `comfyui`, by which lists can filter generations [client].
 */
export function sourceOf(request: FastifyRequest): string {
  const source = request.headers["x-sync-source"];
  return typeof source === "string" ? source : "";
}

/** The products that can create a generation [doc: generate-api/count]. */
export const generationSources = [
  "studio_lite",
  "studio_advanced",
  "studio_assistant",
  "ios",
  "premiere-plugin",
  "resolve-plugin",
  "mcp",
  "chatgpt",
  "claude",
  "gemini",
  "api",
] as const;

/**
 * Returns the product of a client tag: the tag itself, `mcp` for the tag of any other tool server, and `api` otherwise
 * [inferred: the values are documented, how a request gets one is not].
 */
export function generationSourceOf(source: string): (typeof generationSources)[number] {
  const named = generationSources.find((each) => each === source.replace(/^mcp:/, ""));
  return named ?? (source.startsWith("mcp:") ? "mcp" : "api");
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
