/** The token of a result's URL, which takes the place of a key. */
import type { FastifyRequest } from "fastify";
import { uuidFrom } from "../../engine/base/ids.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

/** The token in a generation's outputUrl: a UUID [client], and all that its holder needs. */
export function resultToken(sandbox: Sandbox, generationId: string): string {
  return uuidFrom(sandbox.digest("sync", "result", generationId));
}

/** The sandbox that a URL with a token names. It is found without a key, which such a URL does not come with. */
export function sandboxOfToken(request: FastifyRequest): Sandbox | undefined {
  const query = new URLSearchParams(request.url.split("?", 2)[1] ?? "");
  const name = query.get("sandbox");
  return name === null || !query.has("token") ? undefined : request.server.httpContext.sandboxes.find(name);
}
