/** Defines the request and response bodies of the character routes [doc: api-reference/endpoint/characters]. */
import { z } from "zod";
import { characterTypes } from "./store.ts";

export const editBody = z.looseObject({
  asset_id: z.string(),
  character_type: z.enum(characterTypes),
  prompt: z.string(),
});
export const createBody = editBody.extend({
  name: z.string().min(1).meta({ description: "Unique among the account's characters" }),
});

export const character = z.strictObject({
  character_type: z.enum(characterTypes),
  input_image: z.url(),
  name: z.string(),
  prompt: z.string(),
  id: z.string(),
});
export const listedCharacter = character.extend({ system_character: z.boolean() });
