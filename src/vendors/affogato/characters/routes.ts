/** Characters [doc: api-reference/endpoint/characters]. */
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { findNamedAssets, inspectUploads } from "../assets/store.ts";
import { assetUrl } from "../assets/views.ts";
import { characterTypes, createCharacter, editCharacter, listCharacters, type Character } from "./store.ts";
import { requireActive } from "../generations/element-context.ts";
import { formatPage, formatSuccess, pageOf, sliceOf, successOf } from "../envelope.ts";
import { failures, pageQuery } from "../generations/schemas.ts";
import { placeOf, type Place } from "../generations/views.ts";

const tags = ["Characters"] as const;

const editBody = z.looseObject({
  asset_id: z.string(),
  character_type: z.enum(characterTypes),
  prompt: z.string(),
});
const createBody = editBody.extend({ name: z.string().min(1).meta({ description: "Unique among the account's" }) });

const character = z.strictObject({
  character_type: z.enum(characterTypes),
  input_image: z.url(),
  name: z.string(),
  prompt: z.string(),
  id: z.string(),
});
const listedCharacter = character.extend({ system_character: z.boolean() });

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
      return formatSuccess(format(createCharacter(request, { character_type, name, prompt, token }), placeOf(request)));
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
      const page = sliceOf(all, request.query).map((item) => ({
        ...format(item, placeOf(request)),
        // Clients read it [client]; the vendor's own characters are not known, so there are none here.
        system_character: false,
      }));
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
        format(editCharacter(request, character_id, { character_type, prompt, token }), placeOf(request)),
      );
    },
  );
};

/** The input image is the asset's file, which stays where it is when the asset goes to the archive. */
function format({ character_type, name, prompt, id, token }: Character, place: Place): z.output<typeof character> {
  return { character_type, input_image: assetUrl(place, { token, type: "image" }), name, prompt, id };
}
