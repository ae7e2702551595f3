/** The account's own generations and outputs; another account's are not found, like those that do not exist [inferred]. */
import type { FastifyRequest } from "fastify";
import type { Generation } from "../../../engine/model/generation.ts";
import type { Observation, OutputObservation } from "../../../engine/model/observation.ts";
import { notFound } from "../errors.ts";

export function findOwnGeneration({ sandbox, account }: FastifyRequest, id: string): Generation {
  const found = sandbox.generations.find("affogato", id);
  if (found?.accountId !== account.id) throw notFound("Generation");
  return found;
}

/** The generation that a media item belongs to. */
export function findOwnMedia({ sandbox, account }: FastifyRequest, mediaId: string): Generation {
  const found = sandbox.generations.findByOutput("affogato", mediaId);
  if (found?.accountId !== account.id) throw notFound("Media");
  return found;
}

/** One output of a generation. Throws 404 when it has none of this id. */
export function outputOf({ outputs }: Observation, id: string): OutputObservation {
  const output = outputs.find((candidate) => candidate.id === id);
  if (output === undefined) throw notFound("Media");
  return output;
}
