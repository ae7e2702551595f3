/** Defines a model as oxen lists it, with keys in the documented order [doc: reference/models/overview; spec]. */
import { z } from "zod";

const text = z.string().nullish();
const dollars = z.number().nonnegative().nullish();
const dollarsByName = z.record(z.string(), z.number().nonnegative());

const pricing = z.looseObject({
  /** `token`, `time`, `per_image`, `per_video_output_second` [doc], `per_audio_output_second` [client]. */
  method: z.string(),
  input_cost_per_token: dollars,
  output_cost_per_token: dollars,
  cost_per_second: dollars,
  cost_per_second_with_audio: dollars,
  cost_per_second_high_res: dollars,
  cost_per_second_by_resolution: dollarsByName.nullish(),
  cost_per_image: dollars,
  /** Cost by quality, then by resolution. */
  cost_per_image_grid: z.record(z.string(), dollarsByName).nullish(),
});

export type Pricing = z.output<typeof pricing>;

const capabilities = z.object({
  /** Modalities: `text`, `image`, `video`, `audio`, `embeddings`. */
  input: z.array(z.string()).default(["text"]),
  output: z.array(z.string()),
});

const picture = z.looseObject({
  src: z.string(),
  alt: z.string(),
  category: text,
  details: text,
  prompt: text,
  title: text,
});

/** A parameter in the schema of a request, as far as the emulator reads it. */
export interface Parameter {
  readonly type?: unknown;
  readonly enum?: unknown;
  readonly format?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly maxLength?: unknown;
  readonly items?: unknown;
  readonly properties?: unknown;
}

const requestSchema = z.looseObject({
  type: z.literal("object").optional(),
  title: z.string().optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.looseObject({})).optional(),
});

/** The fields of a model. Only the first four are always there; the vendor may add others [doc]. */
export const modelFields = {
  id: z.string().min(1),
  object: z.literal("model").default("model"),
  created: z.int().nonnegative().default(1_762_300_800).meta({ description: "Unix timestamp" }),
  owned_by: z.string().default("oxen"),
  display_name: z.string().optional(),
  description: z.string().nullable().default(null),
  summary: z.string().nullable().default(null),
  model_type: z.enum(["base", "custom"]).default("base"),
  endpoint: z.string().optional().meta({ description: "The route of the model, such as /images/generate" }),
  capabilities: capabilities.optional(),
  pricing: pricing.nullable().optional(),
  fine_tuning: z
    .object({ actions: z.array(z.string()), cost_per_second: z.number().nullable().default(null) })
    .nullable()
    .default(null),
  deployments: z
    .array(z.object({ status: z.enum(["active", "inactive", "deploying", "deactivating", "error", "unknown"]) }))
    .default([]),
  developer: z.object({ name: z.string(), logo: text }).nullable().default(null),
  source_model: z.string().nullable().default(null),
  image_url: z.string().nullable().default(null),
  released_at: z.string().nullable().default(null),
  request_schema: requestSchema.nullable().default(null),
  showcase: z
    .looseObject({ gallery: z.array(picture).optional(), hero_image: text, tagline: text })
    .nullable()
    .default(null),
  // Two clients read these [client].
  context_length: z.int().nullish(),
  max_output_tokens: z.int().nullish(),
} as const;

/** A model in a response. */
export const model = z.looseObject({
  ...modelFields,
  display_name: z.string(),
  endpoint: z.string().meta({ description: "The route of the model, such as /images/generate" }),
  capabilities,
  pricing: pricing.nullable(),
});

export type Model = z.output<typeof model>;
