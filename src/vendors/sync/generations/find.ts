/** Finds the generations that a caller may read. */
import type { FastifyRequest } from "fastify";
import { LONG_ID } from "../../../engine/base/ids.ts";
import type { Generation } from "../../../engine/model/generation.ts";
import { generationNotFound, invalidGenerationId } from "../errors.ts";
import { vintageOf } from "../vintage.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Returns the organisation's generation with this id. Throws 404 for a generation of another organisation. A malformed
 * id is 404 in 2026-06 and 400 in 2026-11 [inferred].
 */
export function findGeneration(request: FastifyRequest, id: string): Generation {
  const found = findPublicGeneration(request, id);
  if (found.accountId !== request.account.id) throw generationNotFound();
  return found;
}

/**
 * Returns the sandbox's generation with this id, of any account. Use it for requests that may have a token instead of a
 * key.
 */
export function findPublicGeneration({ sandbox }: FastifyRequest, id: string): Generation {
  if (!UUID.test(id) && !LONG_ID.test(id))
    throw vintageOf(sandbox) === "2026-11" ? invalidGenerationId() : generationNotFound();
  const found = sandbox.generations.find("sync", id.toLowerCase());
  if (found?.kind !== "generation") throw generationNotFound();
  return found;
}
