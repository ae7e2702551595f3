/** POST /v2/generate and GET /v2/generate/{id}. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { observeAtCreation } from "../../engine/observation.ts";
import { createGenerations } from "../../http/creating.ts";
import { originOf } from "../../http/public-url.ts";
import { readStatus } from "../../http/reading.ts";
import { errors } from "./errors.ts";
import { expression } from "./expression.ts";
import { findGeneration } from "./finding.ts";
import { generateBody, generation } from "./generation-schemas.ts";
import { failures, idParams } from "./schemas.ts";
import { sourceOf } from "./source.ts";
import { sentEcho } from "./stored.ts";
import { planSubmission } from "./submission.ts";
import { formatGeneration } from "./views.ts";

export const generateRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/v2/generate",
    {
      config: { operation: "createGeneration" },
      schema: {
        operationId: "GenerateController_createGeneration",
        tags: ["Generate"],
        summary: "Create a generation",
        body: generateBody,
        response: { 201: generation, ...failures },
      },
      preValidation: async (request) => {
        request.sentBody = request.body;
      },
    },
    async (request, reply) => {
      const { draft } = planSubmission(request, request.body, sentEcho(request), { source: sourceOf(request) });
      const [created] = createGenerations(request, reply, expression, () => [draft()]);
      if (created === undefined) throw new Error("A submission makes one generation.");
      reply.code(201);
      return formatGeneration(observeAtCreation(created), request.sandbox, originOf(request));
    },
  );

  app.get(
    "/v2/generate/:id",
    {
      config: { operation: "getGeneration" },
      schema: {
        operationId: "GenerateController_getGeneration",
        tags: ["Generate"],
        summary: "Read a generation",
        params: idParams,
        response: { 200: generation, ...failures },
      },
    },
    async (request) => {
      const observed = readStatus(request, findGeneration(request, request.params.id), errors);
      return formatGeneration(observed, request.sandbox, originOf(request));
    },
  );
};
