/** How a status route reads a generation: counted, in the journal, and as the clock says. */
import type { FastifyRequest } from "fastify";
import type { Generation } from "../../engine/model/generation.ts";
import { observe, type Observation } from "../../engine/model/observation.ts";
import type { VendorErrors } from "../errors/vendor-error.ts";

/** The generation after this read was counted. Throws the vendor's error where its scenario has reads fail. */
export function countStatusRead(request: FastifyRequest, generation: Generation, errors: VendorErrors): Generation {
  request.entry.generations = [generation.id];
  request.entry.label = generation.label ?? undefined;
  const { readError } = generation;
  if (readError !== undefined) throw errors.byCode(readError ?? "", request) ?? errors.internal();
  return request.sandbox.generations.countRead(generation, request.now);
}

/** The same, observed at the request's instant. */
export function readStatus(request: FastifyRequest, generation: Generation, errors: VendorErrors): Observation {
  return observe(countStatusRead(request, generation, errors), request.now);
}
