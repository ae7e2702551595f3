/** Reads a generation for a status route: counts the read, notes it in the journal, and observes the current state. */
import type { FastifyRequest } from "fastify";
import type { Generation } from "../../engine/model/generation.ts";
import { observe, type Observation } from "../../engine/model/observation.ts";
import type { VendorErrors } from "../errors/vendor-error.ts";

/** Counts a read and returns the generation after it. Throws the vendor's error if the scenario makes reads fail. */
export function countStatusRead(request: FastifyRequest, generation: Generation, errors: VendorErrors): Generation {
  request.entry.generations = [generation.id];
  request.entry.label = generation.label ?? undefined;
  const { readError } = generation;
  if (readError !== undefined) throw errors.byCode(readError ?? "", request) ?? errors.internal();
  return request.sandbox.generations.countRead(generation, request.now);
}

/** Counts a read and returns the generation's state at the request's instant. */
export function readStatus(request: FastifyRequest, generation: Generation, errors: VendorErrors): Observation {
  return observe(countStatusRead(request, generation, errors), request.now);
}
