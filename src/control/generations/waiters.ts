/** Serves the route that lists the held requests of a sandbox. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { HeldRequest } from "../../engine/generation/held-requests.ts";
import { checkOwner } from "../rules/filter-check.ts";
import { showInstant, shownInstant } from "../instants.ts";
import { answerList, listInMemory, listOf, listQuery } from "../listing.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";

export const shownHeldRequest = z.strictObject({
  id: z.int(),
  kind: z.enum(["end", "latency", "forever"]).meta({
    description: "Reason for the wait: the end of a generation, the end of a delay, or a fault that never answers",
  }),
  vendor: z.string(),
  generation: z.string().nullable(),
  account: z.string(),
  label: z.string().nullable(),
  since: shownInstant,
  deadline: shownInstant.nullable().meta({ description: "Latest time of the answer; null if there is no limit" }),
});

function showHeldRequest(held: HeldRequest): z.output<typeof shownHeldRequest> {
  const { id, kind, vendor, generationId, account, label, since, deadline } = held;
  return {
    id,
    kind,
    vendor,
    generation: generationId === "" ? null : generationId,
    account,
    label,
    since: showInstant(since),
    deadline: deadline === undefined ? null : showInstant(deadline),
  };
}

const tags = ["control"] as const;

export const waiterRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context, vendors }) => {
  app.get(
    "/sandboxes/:s/waiters",
    {
      schema: {
        operationId: "listWaiters",
        summary: "List held requests; `count` and `within` wait until that many are held",
        tags,
        params: sandboxParams,
        querystring: listQuery.extend({
          kind: z.enum(["end", "latency", "forever"]).optional(),
          generation: z.string().optional(),
        }),
        response: { 200: listOf(shownHeldRequest) },
      },
    },
    async (request, reply) => {
      const sandbox = sandboxOf(context, request.params);
      const { vendor, label, account, kind, generation } = request.query;
      checkOwner({ vendors }, sandbox, request.query);
      const matches = (held: HeldRequest): boolean =>
        (vendor === undefined || held.vendor === vendor) &&
        (label === undefined || held.label === label) &&
        (account === undefined || held.account === account) &&
        (kind === undefined || held.kind === kind) &&
        (generation === undefined || held.generationId === generation);
      const isNarrowed = [vendor, label, account, kind, generation].some((wanted) => wanted !== undefined);
      const look = () =>
        sandbox.heldRequests
          .all()
          .filter(matches)
          .sort((a, b) => a.id - b.id);
      const list = listInMemory(look, (held) => held.id, showHeldRequest);
      const count = isNarrowed ? list.count : () => sandbox.heldRequests.count;
      return answerList({ sandbox, reply, query: request.query }, "held requests", { ...list, count });
    },
  );
};
