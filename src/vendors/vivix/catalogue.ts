/**
 * Defines vivix's catalogue of models [doc: endpoints/list-models]. The list is known only in part, so the catalogue is
 * open by default: it accepts unknown names.
 */
import { z } from "zod";
import type { Medium } from "../../engine/model/generation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { Fixture, FixtureLibrary } from "../../fixtures/library.ts";

const value = z.union([z.string(), z.number(), z.boolean()]);

const parameter = z.strictObject({
  type: z.enum(["string", "integer", "enum", "boolean"]),
  required: z.boolean().optional(),
  max_length: z.number().int().optional(),
  values: z.array(z.string()).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  default: value.optional(),
});

export const model = z.strictObject({
  slug: z.string(),
  name: z.string(),
  category: z.enum(["image", "video", "audio"]),
  creator: z.string(),
  /**
   * The provider's id of the model, which webhooks show. The form is the documentation's; the id of each slug is
   * unknown, so the catalogue's ids are ours [inferred].
   */
  provider_model: z.string().optional(),
  description: z.string(),
  params: z.record(z.string(), parameter),
  credits_band: z.strictObject({ min: z.number().int(), max: z.number().int() }),
  /** The parameters that the model's `example_request` shows beside its prompt; by default those with a default. */
  example: z.record(z.string(), value).optional(),
});

export type Model = z.output<typeof model>;
export type Parameter = z.output<typeof parameter>;

export const models: Fixture<Model> = { name: "vivix/models", item: model, keyOf: ({ slug }) => slug };

/** A model that the documentation names only as one that an account may not call [doc]. */
const NOT_ALLOWED = "video-cinematic-4k";

/** The assumed credits bands of a model that is not in the catalogue. */
const GUESSED_BANDS = {
  image: { min: 80, max: 211 },
  video: { min: 400, max: 1440 },
  audio: { min: 40, max: 120 },
} as const;

/**
 * Returns the model of this slug. An open catalogue guesses an unknown model. Returns undefined for a model that the
 * account may not call.
 */
export function findModel(
  library: FixtureLibrary,
  sandbox: Sandbox,
  slug: string,
  request: Readonly<Record<string, unknown>>,
): { model: Model; isGuessed: boolean } | undefined {
  const known = library.mapOf(models).get(slug);
  if (known !== undefined) return { model: known, isGuessed: false };
  if (sandbox.settings.isCatalogueStrict("vivix") || slug === NOT_ALLOWED || /^(?:unknown|bad)-/.test(slug))
    return undefined;
  return { model: guessModel(slug, mediumOf(slug, request)), isGuessed: true };
}

function guessModel(slug: string, category: Medium): Model {
  return {
    slug,
    name: slug,
    category,
    creator: "",
    description: "",
    params: {},
    credits_band: GUESSED_BANDS[category],
  };
}

function mediumOf(slug: string, request: Readonly<Record<string, unknown>>): Medium {
  if (/audio|music|speech|voice|tts/.test(slug)) return "audio";
  if (/video|motion|-t2v|-i2v/.test(slug) || request.duration !== undefined || request.audio !== undefined)
    return "video";
  return "image";
}
