/** Finds the speech jobs that a caller may read. */
import type { FastifyRequest } from "fastify";
import type { Generation } from "../../../engine/model/generation.ts";
import { plainError } from "../errors.ts";
import { SPEECH_KIND } from "./create.ts";

/** Returns the organisation's job. Throws 404 [inferred: the catalogue has no code for it] for any other id. */
export function findSpeechJob({ sandbox, account }: FastifyRequest, id: string): Generation {
  const found = sandbox.generations.find("sync", id.toLowerCase());
  if (found?.kind !== SPEECH_KIND || found.accountId !== account.id) throw plainError(404, "TTS job not found");
  return found;
}
