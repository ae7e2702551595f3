/** Generations whose request waits for them. They are generations like those of the queue, and in the history too. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Generation, Output } from "../../../engine/model/generation.ts";
import type { Observation } from "../../../engine/model/observation.ts";
import { createGenerations } from "../../../http/request/creating.ts";
import { holdUntilEnd, refuseWhenFull } from "../../../http/request/hold.ts";
import { insufficientCredits, modelRefused, unknownError } from "../errors.ts";
import { capabilities } from "../capabilities.ts";
import type { PlannedJobs } from "../generations/submission.ts";

/** No limit is documented; a generation that takes longer than this will hardly end, and its caller is let go. */
const LONGEST_BLOCK_MS = 3_600_000;

/** Something that was made while its request waited. */
export interface Made {
  readonly generation: Generation;
  readonly output: Output;
  readonly endedAt: number;
}

/**
 * Makes what was planned and waits for all of it on the sandbox's clock. Undefined when the client has gone: its
 * generations go on without it [inferred]. Throws the vendor's error for a generation that came to nothing.
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
  // Nobody can count reads of what has no answer yet, so time decides instead.
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
  // A reset or shutdown let go of it, or it never ended: there is no state that this route could show.
  throw phase === "cancelled" ? modelRefused("The generation was cancelled.") : unknownError();
}
