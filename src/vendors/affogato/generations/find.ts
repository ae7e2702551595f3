/**
 * Finds the account's own generations and outputs. Another account's generation gets the same 404 as an unknown id
 * [inferred].
 */
import type { FastifyRequest } from "fastify";
import type { Generation } from "../../../engine/model/generation.ts";
import type { Observation, OutputObservation } from "../../../engine/model/observation.ts";
import { notFound } from "../errors.ts";

export function findOwnGeneration({ sandbox, account }: FastifyRequest, id: string): Generation {
  const found = sandbox.generations.find("affogato", id);
  if (found?.accountId !== account.id) throw notFound("Generation");
  return found;
}

/** Returns the generation to which a media item belongs. Throws 404. */
export function findOwnMedia({ sandbox, account }: FastifyRequest, mediaId: string): Generation {
  const found = sandbox.generations.findByOutput("affogato", mediaId);
  if (found?.accountId !== account.id) throw notFound("Media");
  return found;
}

/** Returns one output of a generation. Throws 404 for an unknown output id. */
export function outputOf({ outputs }: Observation, id: string): OutputObservation {
  const output = outputs.find((candidate) => candidate.id === id);
  if (output === undefined) throw notFound("Media");
  return output;
}
