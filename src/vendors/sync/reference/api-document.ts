/**
 * Serves GET /api-json: the OpenAPI document from which the vendor's tool server builds its tools at start-up, without
 * a key [client]. The document is made from the schemas that check requests, with the vendor's own operation ids and
 * tags.
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { atOrigin, describeApi, type ApiDescription, type OpenApiDocument } from "../../../http/server/openapi.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { failures } from "../schemas.ts";

const description: ApiDescription = {
  title: "sync. API",
  version: "2.0.0",
  description: "Lipsync, dubbing and speech.",
  security: {
    name: "api-key",
    scheme: { type: "apiKey", in: "header", name: "x-api-key", description: "Your API key" },
  },
  outcomes: [],
  extensions: {},
  prefixes: ["/v2"],
};

export const apiDocumentRoutes: FastifyPluginAsyncZod = async (app) => {
  let document: Promise<OpenApiDocument> | undefined;

  app.get(
    "/api-json",
    {
      config: { operation: "getApiDocument", access: "public" },
      schema: {
        operationId: "getApiDocument",
        tags: ["Documentation"],
        summary: "Read this API as an OpenAPI document",
        response: { 200: z.looseObject({ openapi: z.string() }), ...failures },
      },
    },
    async (request) => {
      document ??= describeApi(app.rememberedRoutes, description).then(withoutOwnWords);
      return { openapi: "", ...atOrigin(await document, originOf(request)) };
    },
  );
};

/** Removes the emulator's extensions, which the vendor's document does not have. */
function withoutOwnWords(document: OpenApiDocument): OpenApiDocument {
  return JSON.parse(
    JSON.stringify(document, (key, value: unknown) => (key.startsWith("x-fauxgen") ? undefined : value)),
  ) as OpenApiDocument;
}
