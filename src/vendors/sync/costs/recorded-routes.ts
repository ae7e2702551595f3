/** Serves the recorded costs of a generation, and of all generations of an organisation that ended in a range of time. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { observe } from "../../../engine/model/observation.ts";
import { noteGeneration, noteShown } from "../../../http/request/reading.ts";
import { findGeneration } from "../generations/find.ts";
import { cutPage } from "../paging.ts";
import { failures, idParams } from "../schemas.ts";
import { formatCosts, formatUsage } from "./recorded-costs.ts";
import { generationCosts, usageList, usageQuery } from "./schemas.ts";
import { endedBetween, oldestEndFirst } from "./usage.ts";

const USUAL_LIMIT = 100;

export const recordedCostRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    "/v2/generate/:id/costs",
    {
      config: { operation: "getGenerationCosts" },
      schema: {
        operationId: "GenerateController_getGenerationCosts",
        tags: ["Generate"],
        summary: "Read the recorded cost of a generation",
        params: idParams,
        response: { 200: generationCosts, ...failures },
      },
    },
    async (request) => {
      const found = findGeneration(request, request.params.id);
      noteGeneration(request, found);
      return formatCosts(noteShown(request, observe(found, request.now)));
    },
  );

  app.get(
    "/v2/usage/generations",
    {
      config: { operation: "listGenerationCosts" },
      schema: {
        operationId: "UsageController_listGenerationCosts",
        tags: ["Usage"],
        summary: "List the costs of the organisation's generations by the time of their end, oldest first",
        querystring: usageQuery,
        response: { 200: usageList, ...failures },
      },
    },
    async (request) => {
      const { startTime, endTime, limit = USUAL_LIMIT, cursor } = request.query;
      const ended = endedBetween(request, Date.parse(startTime), Date.parse(endTime));
      const { items, nextCursor } = cutPage(ended, oldestEndFirst, { limit, cursor });
      return {
        items: items.map(({ observed, finishedAt }) => formatUsage(observed, finishedAt, request.sandbox)),
        // Unlike other lists, null at the end [doc].
        nextCursor: nextCursor ?? null,
      };
    },
  );
};
