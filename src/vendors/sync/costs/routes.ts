/** Two estimates with different bodies: the one that the SDKs call, and the newer one. Neither looks at any media. */
import { submitterOf } from "../../../http/request/submitter.ts";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { models } from "../catalogue.ts";
import { estimateCost } from "../generations/cost.ts";
import { costUnavailable } from "../errors.ts";
import { generateBody } from "../generations/schemas.ts";
import { failures } from "../schemas.ts";
import { keepSentBody, sentEcho } from "../generations/store.ts";
import { planSubmission } from "../generations/submission.ts";

const estimate = z.strictObject({
  estimatedFrameCount: z.int(),
  estimatedGenerationCost: z.number().meta({ description: "US dollars" }),
});

const estimateBody = z.looseObject({
  model: z.string("must be a string").min(1, "should not be empty"),
  duration: z.number("must be a number").positive("must be a positive number").meta({ description: "Seconds" }),
  fps: z.number("must be a number").positive("must be a positive number").nullish(),
  reasoningEnabled: z.boolean("must be a boolean value").nullish(),
  workflow: z
    .enum(["lipsync", "translate-and-dub"], "must be one of the following values: lipsync, translate-and-dub")
    .nullish(),
});

/** [doc: generate-api/estimate-cost] */
const USUAL_FRAME_RATE = 30;

export const costRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/v2/analyze/cost",
    {
      config: { operation: "analyzeCost" },
      schema: {
        operationId: "AnalyzeController_estimateCost",
        tags: ["Generate"],
        summary: "Estimate the cost of a create body",
        body: generateBody,
        // An array of one [sdk, client: oas2025]; a logged reply of 2025 was the object alone.
        response: { 200: z.array(estimate), ...failures },
      },
      preValidation: async (request) => {
        keepSentBody(request);
      },
    },
    async (request, reply) => {
      const { model, length } = planSubmission(submitterOf(request, reply), request.body, sentEcho(request));
      const estimated = estimateCost(model, length.seconds);
      if (estimated === undefined) throw costUnavailable();
      reply.code(200);
      return [estimated];
    },
  );

  // The second path is the older name of the first [doc].
  for (const { path, operationId, tag } of [
    { path: "/v2/generations/estimate", operationId: "GenerationsController_estimateCost", tag: "Generations" },
    { path: "/v2/generate/estimate-cost", operationId: "GenerateController_estimateCost", tag: "Generate" },
  ]) {
    app.post(
      path,
      {
        config: { operation: "estimateCost" },
        schema: {
          operationId,
          tags: [tag],
          summary: "Estimate the cost of so many seconds of a model",
          body: estimateBody,
          response: {
            200: estimate.extend({
              estimatedCredits: z.number().nullable().meta({ description: "Null for who is billed in dollars" }),
            }),
            ...failures,
          },
        },
      },
      async (request) => {
        const { model: name, duration, fps } = request.body;
        const model = request.fixtures.mapOf(models).get(name);
        const estimated = model && estimateCost(model, duration, fps ?? USUAL_FRAME_RATE);
        if (estimated === undefined) throw costUnavailable();
        return { ...estimated, estimatedCredits: null };
      },
    );
  }
};
