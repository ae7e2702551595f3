/** Finds the generations of an organisation that ended in a range of time [doc: guides/usage-export]. */
import type { FastifyRequest } from "fastify";
import type { Instant } from "../../../engine/base/clock.ts";
import { observe, type Observation } from "../../../engine/model/observation.ts";
import type { Order } from "../paging.ts";

interface Ended {
  readonly id: string;
  readonly observed: Observation;
  readonly finishedAt: Instant;
}

/** Returns the generations that ended at or after `start` and before `end`. */
export function endedBetween({ sandbox, account, now }: FastifyRequest, start: Instant, end: Instant): Ended[] {
  const phases = ["succeeded", "failed", "rejected", "cancelled"];
  return sandbox.generations
    .list({ accountId: account.id, vendor: "sync", kind: "generation", phases }, { order: "oldest" })
    .flatMap((generation) => {
      const observed = observe(generation, now);
      const { endedAt: finishedAt } = observed;
      const isInRange = finishedAt !== undefined && finishedAt >= start && finishedAt < end;
      return isInRange ? [{ id: generation.id, observed, finishedAt }] : [];
    });
}

export const oldestEndFirst: Order<Ended> = { valueOf: ({ finishedAt }) => finishedAt, direction: "ascending" };
