/**
 * Reads what oxen's model pages publish, written down apart from the emulator's catalogue: parameters, and the request
 * bodies that the pages print. Each body of a model with `queue` is printed for the queue too.
 */
import { z } from "zod";
import file from "./oxen-models.json" with { type: "json" };

const value = z.union([z.string(), z.number()]);

const parameter = z.strictObject({
  name: z.string(),
  type: z.enum([
    ...(["string", "integer", "number", "boolean", "object"] as const),
    ...(["array<string>", "array<object>", "integer | string"] as const),
  ]),
  required: z.boolean(),
  default: z.union([value, z.boolean(), z.array(z.string())]).optional(),
  enum: z.array(value).optional(),
  format: z.literal("uri").optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.int().optional(),
  maxItems: z.int().optional(),
});

export type PublishedParameter = z.output<typeof parameter>;

const publishedModel = z.strictObject({
  id: z.string(),
  name: z.string(),
  endpoint: z.enum([
    ...(["/ai/images/generate", "/ai/images/edit", "/ai/videos/generate"] as const),
    ...(["/ai/audio/speech", "/ai/audio/transcriptions"] as const),
  ]),
  queue: z.boolean(),
  parameters: z.array(parameter),
  bodies: z.array(z.looseObject({ model: z.string() })).min(1),
});

export type PublishedModel = z.output<typeof publishedModel>;

export const { media: publishedModels, textOnly: textOnlyModels } = z
  .strictObject({ textOnly: z.array(z.string()), media: z.array(publishedModel) })
  .parse(file);
