/** Serves the character routes [doc: api-reference/endpoint/characters]. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { findNamedAssets, inspectUploads } from "../assets/store.ts";
import { character, createBody, editBody, listedCharacter } from "./schemas.ts";
import { createCharacter, editCharacter, listCharacters } from "./store.ts";
import { formatCharacter, formatListed } from "./views.ts";
import { requireActive } from "../assets/find.ts";
import { formatPage, formatSuccess, pageOf, sliceOf, successOf } from "../envelope.ts";
import { failures, pageQuery } from "../schemas.ts";
import { placeOf } from "../place.ts";

const tags = ["Characters"] as const;

export const characterRoutes: FastifyPluginAsyncZod = async (app) => {
  app.post(
    "/pub/v1/characters",
    {
      config: { operation: "createCharacter" },
      schema: {
        summary: "Create Character",
        tags,
        body: createBody,
        response: { 201: successOf(character), ...failures },
      },
    },
    async (request, reply) => {
      const { asset_id, character_type, name, prompt } = request.body;
      await inspectUploads(request, asset_id);
      const { token } = requireActive(findNamedAssets(request, asset_id), asset_id, "image");
      reply.code(201);
      return formatSuccess(
        formatCharacter(createCharacter(request, { character_type, name, prompt, token }), placeOf(request)),
      );
    },
  );

  app.get(
    "/pub/v1/characters",
    {
      config: { operation: "listCharacters" },
      schema: {
        summary: "Get Characters",
        tags,
        querystring: pageQuery,
        response: { 200: pageOf(z.array(listedCharacter)), ...failures },
      },
    },
    async (request) => {
      const all = listCharacters(request);
      const page = sliceOf(all, request.query).map((item) => formatListed(item, placeOf(request)));
      return formatPage(page, request.query, all.length);
    },
  );

  app.put(
    "/pub/v1/characters/:character_id",
    {
      config: { operation: "updateCharacter" },
      schema: {
        summary: "Edit Character",
        tags,
        params: z.object({ character_id: z.string() }),
        body: editBody,
        response: { 200: successOf(character), ...failures },
      },
    },
    async (request) => {
      const { asset_id, character_type, prompt } = request.body;
      const { character_id } = request.params;
      await inspectUploads(request, asset_id);
      const { token } = requireActive(findNamedAssets(request, asset_id), asset_id, "image");
      return formatSuccess(
        formatCharacter(editCharacter(request, character_id, { character_type, prompt, token }), placeOf(request)),
      );
    },
  );
};
