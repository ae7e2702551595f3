/**
 * Defines oxen's catalogue of models. Names, parameters and some prices are the documentation's; descriptions and the
 * other prices are ours. The list is known only in part, so the catalogue is open by default: it accepts unknown names.
 */
import { z } from "zod";
import type { Medium } from "../../engine/model/generation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { Fixture, FixtureLibrary } from "../../fixtures/library.ts";

const modality = z.enum(["text", "image", "video", "audio", "embeddings"]);
const dollars = z.number().nonnegative();

const pricing = z.strictObject({
  method: z.enum(["token", "time", "per_image", "per_video_output_second", "per_audio_output_second"]),
  input_cost_per_token: dollars.optional(),
  output_cost_per_token: dollars.optional(),
  cost_per_second: dollars.optional(),
  cost_per_second_with_audio: dollars.optional(),
  cost_per_second_high_res: dollars.optional(),
  cost_per_second_by_resolution: z.record(z.string(), dollars).optional(),
  cost_per_image: dollars.optional(),
  /** Cost by quality, then by resolution. */
  cost_per_image_grid: z.record(z.string(), z.record(z.string(), dollars)).optional(),
});

export type Pricing = z.output<typeof pricing>;

/** A model as the vendor lists it, with keys in the documented order. */
export const model = z.strictObject({
  id: z.string().min(1),
  object: z.literal("model").default("model"),
  created: z.int().nonnegative().meta({ description: "Unix timestamp" }),
  owned_by: z.string().default("oxen"),
  display_name: z.string(),
  description: z.string().nullable().default(null),
  summary: z.string().nullable().default(null),
  model_type: z.enum(["base", "custom"]).default("base"),
  endpoint: z.enum(["/chat/completions", "/images/generate", "/images/edit", "/videos/generate", "/audio/generate"]),
  capabilities: z.strictObject({ input: z.array(modality), output: z.array(modality) }),
  pricing: pricing.nullable().default(null),
  fine_tuning: z
    .strictObject({ actions: z.array(z.string()), cost_per_second: z.number().nullable() })
    .nullable()
    .default(null),
  deployments: z
    .array(z.strictObject({ status: z.enum(["active", "inactive", "deploying", "deactivating", "error", "unknown"]) }))
    .default([]),
  developer: z.strictObject({ name: z.string(), logo: z.string().nullable().optional() }).nullable().default(null),
  source_model: z.string().nullable().default(null),
  image_url: z.string().nullable().default(null),
  released_at: z.int().nullable().default(null),
  request_schema: z
    .looseObject({
      type: z.literal("object").optional(),
      title: z.string().optional(),
      required: z.array(z.string()).optional(),
      properties: z.record(z.string(), z.looseObject({})).optional(),
    })
    .nullable()
    .default(null),
});

export type Model = z.output<typeof model>;

const entry = model.extend({
  /** The model's own messages about wrong parameters, by parameter; `{value}` stands for the sent value. */
  refusals: z.record(z.string(), z.string()).default({}),
  /** Whether the vendor lists this model as featured. */
  featured: z.boolean().default(false),
});

function inCatalogue(
  { refusals, featured, ...listed }: z.output<typeof entry>,
  parameters?: z.ZodType,
): CatalogueModel {
  return {
    listed,
    refusals,
    isFeatured: featured,
    get parameters() {
      return (parameters ??= parametersOf(listed));
    },
  };
}

const checkedEntry = entry.transform((given, context) => {
  try {
    return inCatalogue(given, parametersOf(given));
  } catch (error) {
    context.addIssue({ code: "custom", path: ["request_schema"], message: String(error) });
    return z.NEVER;
  }
});

/** A model with the schema of its parameters, which is undefined if they are unknown. */
export interface CatalogueModel {
  readonly listed: Model;
  readonly refusals: Readonly<Record<string, string>>;
  readonly parameters: z.ZodType | undefined;
  readonly isFeatured: boolean;
}

export const models: Fixture<CatalogueModel> = {
  name: "oxen/models",
  item: checkedEntry,
  // The schema of parameters is built at the first call of a model: to build them all takes a fifth of the start time.
  shippedItem: entry.transform((given) => inCatalogue(given)),
  keyOf: ({ listed }) => listed.id,
};

/** Builds the schema of a model's parameters. A separate registry keeps its metadata out of our OpenAPI document. */
function parametersOf({ request_schema: schema }: Model): z.ZodType | undefined {
  if (schema === null) return undefined;
  return z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema, {
    defaultTarget: "openapi-3.0",
    registry: z.registry(),
  });
}

/**
 * Returns the model of this name. If it is unknown, an open catalogue guesses it; a strict catalogue returns undefined,
 * and so does a name that begins with `unknown-` or `bad-`. The rules of the guess are our choice [inferred].
 */
export function findModel(
  library: FixtureLibrary,
  sandbox: Sandbox,
  name: string,
  request: Readonly<Record<string, unknown>>,
): { readonly model: CatalogueModel; readonly isGuessed: boolean } | undefined {
  const known = library.mapOf(models).get(name);
  if (known !== undefined) return { model: known, isGuessed: false };
  if (sandbox.settings.isCatalogueStrict("oxen") || /^(?:unknown|bad)-/.test(name)) return undefined;
  return { model: guessModel(name, request), isGuessed: true };
}

/** Returns the medium that the model makes; undefined for a model that makes only text. */
export function mediumOf({ listed }: CatalogueModel): Medium | undefined {
  const { output } = listed.capabilities;
  if (output.includes("video")) return "video";
  if (output.includes("image")) return "image";
  return output.includes("audio") ? "audio" : undefined;
}

const TEXT_FAMILIES =
  /^(?:claude|gpt-[3-5]|o[1-4](?:-|$)|llama|mistral|mixtral|deepseek|qwen(?!.*(?:image|video))|gemma)/;
const AUDIO_WORDS = /audio|speech|music|voice|tts/;
const VIDEO_WORDS = /video|motion|[ti]2v|kling|seedance|veo|sora|wan-|hailuo|runway|luma|pika/;
const VIDEO_FIELDS = ["duration", "multi_prompt", "input_video", "input_videos", "generate_audio"] as const;

const GUESSED = {
  text: { endpoint: "/chat/completions", pricing: { method: "token" } },
  image: { endpoint: "/images/generate", pricing: { method: "per_image", cost_per_image: 0.04 } },
  video: { endpoint: "/videos/generate", pricing: { method: "per_video_output_second", cost_per_second: 0.1 } },
  audio: { endpoint: "/audio/generate", pricing: { method: "per_audio_output_second", cost_per_second: 0.003 } },
} as const;

function guessModel(id: string, request: Readonly<Record<string, unknown>>): CatalogueModel {
  const output = guessOutput(id, request);
  const listed = model.parse({
    id,
    created: 0,
    display_name: id,
    capabilities: { input: ["text"], output: [output] },
    ...GUESSED[output],
  });
  return { listed, refusals: {}, parameters: undefined, isFeatured: false };
}

function guessOutput(name: string, request: Readonly<Record<string, unknown>>): keyof typeof GUESSED {
  if (TEXT_FAMILIES.test(name)) return "text";
  if (AUDIO_WORDS.test(name)) return "audio";
  return VIDEO_WORDS.test(name) || VIDEO_FIELDS.some((field) => request[field] !== undefined) ? "video" : "image";
}
