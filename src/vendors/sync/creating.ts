/** A create from its checked body to the generation that answers it: once per Idempotency-Key, within the quota. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { observe, observeAtCreation, type Observation } from "../../engine/observation.ts";
import { createGenerations } from "../../http/creating.ts";
import { generationNotFound } from "./errors.ts";
import { expression } from "./expression.ts";
import type { GenerateBody } from "./generation-schemas.ts";
import { readIdempotencyKey } from "./idempotency.ts";
import { chargeQuota, checkQuota } from "./quota.ts";
import { sourceOf } from "./source.ts";
import { sentEcho } from "./stored.ts";
import { planSubmission } from "./submission.ts";

/** The new generation as it begins, or the one that the request's key has made before as it now is. */
export function createGeneration(request: FastifyRequest, reply: FastifyReply, body: GenerateBody): Observation {
  const { sandbox } = request;
  const key = readIdempotencyKey(request, "createGeneration", request.sentBody);
  if (key?.boundTo !== undefined) return replay(request, key.boundTo);
  const submission = planSubmission(request, body, sentEcho(request), { source: sourceOf(request) });
  checkQuota(request, submission);
  const charge = (): void => {
    chargeQuota(request, submission);
  };
  const [created] = sandbox.write(() => {
    const made = createGenerations(request, reply, expression, () => [submission.draft()], charge);
    for (const { id } of made) key?.bind(id);
    return made;
  });
  if (created === undefined) throw new Error("A submission makes one generation.");
  return observeAtCreation(created);
}

/** Makes, charges and counts nothing. 404 [inferred] when what was made has been deleted since. */
function replay({ sandbox, now, entry }: FastifyRequest, id: string): Observation {
  const made = sandbox.generations.find("sync", id);
  if (made === undefined) throw generationNotFound();
  entry.generations = [made.id];
  return observe(made, now);
}
