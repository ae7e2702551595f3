/** Serves the route that shows why a rule did not apply: the requests that nearly met it. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { ruleOf } from "../rules/routes.ts";
import { sandboxOf, sandboxParams, type ControlOptions } from "../scope.ts";
import { finderOf } from "./verification.ts";
import { nearestMisses } from "./verification-words.ts";

const nearMiss = z.strictObject({
  id: z.int().meta({ description: "Number of the request in the journal" }),
  request: z.string(),
  at: z.string(),
  state: z.string(),
  status: z.int().nullable(),
  field: z.string().meta({ description: "First field that differs" }),
  expected: z.unknown(),
  actual: z.unknown(),
  difference: z.string().meta({ description: "The difference in words" }),
});

export const nearMissRoutes: FastifyPluginAsyncZod<ControlOptions> = async (app, { context }) => {
  app.get(
    "/sandboxes/:s/rules/:rule/misses",
    {
      schema: {
        operationId: "listNearMisses",
        summary: "List the requests that nearly met a rule, nearest first, with their first difference",
        tags: ["control"],
        params: sandboxParams.extend({ rule: z.string() }),
        response: { 200: z.strictObject({ items: z.array(nearMiss) }) },
      },
    },
    async (request) => {
      const sandbox = sandboxOf(context, request.params);
      const { when } = ruleOf(sandbox, request.params.rule).document;
      const entries = context.journals.of(sandbox).entries();
      return { items: nearestMisses(context, entries, finderOf(when), when) };
    },
  );
};
