/**
 * Serves two cost estimates with different bodies: the one that the SDKs call, and the newer one. Neither reads media.
 */
import { submitterOf } from "../../../http/request/submitter.ts";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { findModel } from "../catalogue.ts";
import { estimateCost } from "../generations/cost.ts";
import { costUnavailable } from "../errors.ts";
import { generateBody } from "../generations/schemas.ts";
import { settingsOf } from "../settings.ts";
import { estimate, estimateBody, estimateWithBreakdown, estimateWithCredits } from "./schemas.ts";
import { failures } from "../schemas.ts";
import { keepSentBody, sentEcho } from "../generations/store.ts";
import { planSubmission } from "../generations/submission.ts";

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
        // An array with one item [sdk, client: oas2025]; newer clients read the object [client].
        response: { 200: z.union([z.array(estimate), estimateWithCredits]), ...failures },
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
      const { costEstimates } = settingsOf(request.sandbox);
      // Only newer clients estimate an edit of dialogue, and they read the object [client].
      const isList = costEstimates === "array" && request.body.dialogueEdit == null;
      return isList ? [estimated] : { ...estimated, estimatedCredits: null };
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
          summary: "Estimate the cost of a duration with a model",
          body: estimateBody,
          response: { 200: estimateWithBreakdown, ...failures },
        },
      },
      async (request) => {
        const { model: name, duration, fps, workflow } = request.body;
        const model = findModel(request, name);
        const estimated = model && estimateCost(model, duration, fps ?? USUAL_FRAME_RATE);
        if (estimated === undefined) throw costUnavailable();
        const priced = { ...estimated, estimatedCredits: null };
        return workflow === "translate-and-dub" ? { ...priced, breakdown: breakdownOf(priced) } : priced;
      },
    );
  }
};

/** Returns the parts of an estimate. Dubbing is billed by its provider, so the estimate does not contain it [client]. */
function breakdownOf({ estimatedGenerationCost, estimatedCredits }: z.output<typeof estimateWithCredits>) {
  return {
    lipsync: { estimatedGenerationCost, estimatedCredits },
    dubbing: { billing: "external" as const, estimatedGenerationCost: null, estimatedCredits: null },
    excludesExternalCharges: true as const,
  };
}
