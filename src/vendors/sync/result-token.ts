/** Creates and reads the tokens of result URLs, which replace a key. */
import type { FastifyRequest } from "fastify";
import { uuidFrom } from "../../engine/base/ids.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

/** Returns the token of a generation's outputUrl: a UUID [client]. A request with it needs no key. */
export function resultToken(sandbox: Sandbox, generationId: string): string {
  return uuidFrom(sandbox.digest("sync", "result", generationId));
}

/** Returns the sandbox that a URL with a token names. A request to such a URL has no key. */
export function sandboxOfToken(request: FastifyRequest): Sandbox | undefined {
  const query = new URLSearchParams(request.url.split("?", 2)[1] ?? "");
  const name = query.get("sandbox");
  return name === null || !query.has("token") ? undefined : request.server.httpContext.sandboxes.find(name);
}
