/** Reads a generation for a status route: counts the read, notes it in the journal, and observes the current state. */
import type { FastifyRequest } from "fastify";
import type { Generation } from "../../engine/model/generation.ts";
import { observe, type Observation } from "../../engine/model/observation.ts";
import type { VendorErrors } from "../errors/vendor-error.ts";

/** Notes in the journal which generation a request reads or changes, so that its id and its label find the request. */
export function noteGeneration({ entry }: FastifyRequest, generation: Generation): void {
  entry.generations = [generation.id];
  entry.label = generation.label ?? entry.label;
}

/**
 * Counts a read, unless it is a HEAD, and returns the generation after it. Throws the vendor's error if the scenario
 * makes reads fail.
 */
export function countStatusRead(request: FastifyRequest, generation: Generation, errors: VendorErrors): Generation {
  noteGeneration(request, generation);
  const { readError } = generation;
  if (readError !== undefined) throw errors.byCode(readError ?? "", request) ?? errors.internal();
  return countRead(request, generation);
}

/** Counts a read of a request that is not about one generation alone. HEAD shows no state, so it is not a read. */
export function countRead({ method, sandbox, now }: FastifyRequest, generation: Generation): Generation {
  return method === "HEAD" ? generation : sandbox.generations.countRead(generation, now);
}

/** Counts a read and returns the generation's state at the request's instant. */
export function readStatus(request: FastifyRequest, generation: Generation, errors: VendorErrors): Observation {
  return noteShown(request, observe(countStatusRead(request, generation, errors), request.now));
}

/** Notes the phase of the generation that the answer shows, so that coverage tells the answer from others. */
export function noteShown(request: FastifyRequest, observed: Observation): Observation {
  request.shownPhase = observed.phase;
  return observed;
}
