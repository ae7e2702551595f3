/**
 * Serves the lists of models, loras, styles, control nets and voices. Only one of their pages could be read [doc:
 * controlnets?type=flux].
 */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { controlnets, loras, models, resource, styles, voice, voices } from "../catalogue.ts";
import { formatPage, pageOf, sliceOf } from "../envelope.ts";
import { resourceQuery } from "./schemas.ts";
import { failures, pageQuery } from "../schemas.ts";

const tags = ["Resources"] as const;

const lists = [
  { path: "models", operation: "listModels", summary: "List Models", fixture: models },
  { path: "loras", operation: "listLoras", summary: "List Loras", fixture: loras },
  { path: "styles", operation: "listStyles", summary: "List Styles", fixture: styles },
  { path: "controlnets", operation: "listControlnets", summary: "List Control Nets", fixture: controlnets },
] as const;

export const resourceRoutes: FastifyPluginAsyncZod = async (app) => {
  for (const { path, operation, summary, fixture } of lists) {
    app.get(
      `/pub/v1/${path}`,
      {
        config: { operation },
        schema: {
          summary,
          tags,
          querystring: resourceQuery,
          response: { 200: pageOf(z.array(resource)), ...failures },
        },
      },
      async (request) => {
        const { type } = request.query;
        const all = request.fixtures.listOf(fixture).filter((item) => type === undefined || item.base_model === type);
        return formatPage(sliceOf(all, request.query), request.query, all.length);
      },
    );
  }

  // Voices have no base model, so this list ignores `type` [inferred].
  app.get(
    "/pub/v1/voices",
    {
      config: { operation: "listVoices" },
      schema: {
        summary: "List Voices",
        tags,
        querystring: pageQuery,
        response: { 200: pageOf(z.array(voice)), ...failures },
      },
    },
    async (request) => {
      const all = request.fixtures.listOf(voices);
      return formatPage(sliceOf(all, request.query), request.query, all.length);
    },
  );
};
