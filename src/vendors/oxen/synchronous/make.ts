/** Creates generations whose requests wait for them. The history lists them like the generations of the queue. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Generation, Output } from "../../../engine/model/generation.ts";
import type { Observation } from "../../../engine/model/observation.ts";
import { createGenerations } from "../../../http/request/creating.ts";
import { holdUntilEnd, refuseWhenFull } from "../../../http/request/hold.ts";
import { insufficientCredits, modelRefused, unknownError } from "../errors.ts";
import { capabilities } from "../capabilities.ts";
import type { PlannedJobs } from "../generations/submission.ts";

/**
 * Maximum time for which a request waits. No limit is documented; a generation that takes longer is unlikely to end.
 */
const LONGEST_BLOCK_MS = 3_600_000;

/** A generation that succeeded while its request waited. */
export interface Made {
  readonly generation: Generation;
  readonly output: Output;
  readonly endedAt: number;
}

/**
 * Creates the planned generations and waits until all have ended on the sandbox's clock. Returns undefined if the
 * client has disconnected; its generations continue [inferred]. Throws the vendor's error for a generation that does
 * not succeed.
 */
export async function makeNow(
  request: FastifyRequest,
  reply: FastifyReply,
  { drafts, charge }: PlannedJobs,
): Promise<Made[] | undefined> {
  const { generations } = request.sandbox;
  const refusable = (): ReturnType<typeof drafts> => {
    const jobs = drafts();
    refuseWhenFull(request, jobs.length);
    return jobs;
  };
  const created = createGenerations(request, reply, capabilities, { drafts: refusable, charge });
  await request.written;
  // A client cannot poll a generation before it has an answer, so time advances these generations instead of reads.
  const placed = created.map((each) =>
    each.timeline.polls === undefined ? each : generations.release(each, request.now),
  );
  const ended = await Promise.all(placed.map(async (each) => holdUntilEnd(request, reply, each, LONGEST_BLOCK_MS)));
  const observed = ended.filter((each) => each !== undefined);
  return observed.length < ended.length ? undefined : observed.map(requireMade);
}

function requireMade({ generation, phase, endedAt }: Observation): Made {
  const [output] = generation.outputs;
  if (phase === "succeeded" && output !== undefined && endedAt !== undefined) return { generation, output, endedAt };
  const { failure } = generation;
  if (phase === "failed" && failure !== undefined) {
    if (failure.code === "insufficient_credits") throw insufficientCredits();
    throw modelRefused(failure.message);
  }
  // A reset or a shutdown ended the wait, or the generation never ended; this route has no state to show.
  throw phase === "cancelled" ? modelRefused("The generation was cancelled.") : unknownError();
}
