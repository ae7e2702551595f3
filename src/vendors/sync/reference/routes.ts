/** Serves GET /v2/errors and GET /v2/models. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { models } from "../catalogue.ts";
import { errorCatalogue } from "../error-catalogue.ts";
import { catalogueEntry, modelInfo } from "./schemas.ts";
import { failures } from "../schemas.ts";

export const referenceRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    "/v2/errors",
    {
      config: { operation: "listErrors", access: "public" },
      schema: {
        operationId: "ErrorsController_getAll",
        tags: ["Errors"],
        summary: "List every error code with its message and suggestion",
        response: { 200: z.array(catalogueEntry), ...failures },
      },
    },
    async (request) =>
      request.fixtures
        .listOf(errorCatalogue)
        .filter(({ listed }) => listed !== false)
        .map(({ code, message, suggestion }) => ({ code, message, suggestion })),
  );

  app.get(
    "/v2/models",
    {
      config: { operation: "listModels" },
      schema: {
        operationId: "ModelsController_get",
        tags: ["Models"],
        summary: "List the models that are not deprecated",
        response: { 200: z.array(modelInfo), ...failures },
      },
    },
    async (request) =>
      request.fixtures
        .listOf(models)
        .filter(({ deprecatedAt }) => deprecatedAt === undefined)
        .map(({ id, name, type, version, description }) => ({
          id,
          name,
          type,
          version,
          ...(description !== undefined && { description }),
        })),
  );
};
