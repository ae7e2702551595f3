/** From the filters of a list to what the store is asked. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Phase } from "../../engine/phases.ts";
import type { GenerationFilter } from "../../store/generations.ts";
import { findNamespace } from "./namespaces.ts";
import type { Filters } from "./schemas.ts";

/** Undefined where the caller may not see the namespace: nothing is to be listed. */
export function filterOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { namespace, model, media_type, status, repo, folder }: Filters,
  byDefault?: readonly Phase[],
): Omit<GenerationFilter, "sandboxId"> | undefined {
  const owner = findNamespace(request, reply, namespace);
  if (owner === undefined) return undefined;
  const phases = status === undefined ? byDefault : [status];
  const facts = Object.entries({ model, media_type, repo, folder }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value]] as const],
  );
  return {
    accountId: owner.id,
    vendor: "oxen",
    ...(phases !== undefined && { phases }),
    ...(facts.length > 0 && { facts: Object.fromEntries(facts) }),
  };
}
