/** Describes the listing of a model that oxen publishes. */
import {
  array,
  boolean,
  integerFrom,
  literal,
  nullable,
  number,
  object,
  oneOf,
  optional,
  record,
  someText,
  text,
  unixSeconds,
  url,
} from "./shape.ts";

const modality = oneOf("text", "image", "video", "audio", "embeddings");
const price = optional(nullable(number));

const picture = object({
  src: url,
  alt: text,
  category: optional(nullable(text)),
  details: optional(nullable(text)),
  prompt: optional(nullable(text)),
  title: optional(nullable(text)),
});

/** A model, as every route of models answers it. */
export const model = object({
  id: someText,
  object: literal("model"),
  created: unixSeconds,
  owned_by: someText,
  display_name: optional(text),
  description: optional(nullable(text)),
  summary: optional(nullable(text)),
  model_type: optional(oneOf("base", "custom")),
  endpoint: optional(
    // The spec has the first three, the models' pages the others.
    oneOf(
      ...["/chat/completions", "/images/generate", "/videos/generate"],
      ...["/images/edit", "/audio/speech", "/audio/transcriptions"],
    ),
  ),
  capabilities: optional(object({ input: array(modality), output: array(modality) })),
  pricing: optional(
    nullable(
      object({
        method: oneOf("token", "time", "per_image", "per_video_output_second", "per_audio_output_second"),
        input_cost_per_token: price,
        output_cost_per_token: price,
        cost_per_second: price,
        cost_per_second_with_audio: price,
        cost_per_second_high_res: price,
        cost_per_second_by_resolution: optional(nullable(record(number))),
        cost_per_image: price,
        cost_per_image_grid: optional(nullable(record(record(number)))),
      }),
    ),
  ),
  fine_tuning: optional(nullable(object({ actions: array(text), cost_per_second: optional(nullable(number)) }))),
  deployments: optional(
    array(object({ status: oneOf("active", "inactive", "deploying", "deactivating", "error", "unknown") })),
  ),
  developer: optional(nullable(object({ name: text, logo: optional(nullable(text)) }))),
  source_model: optional(nullable(text)),
  image_url: optional(nullable(url)),
  released_at: optional(nullable(text)),
  request_schema: optional(
    nullable(
      object(
        {
          type: optional(literal("object")),
          title: optional(text),
          required: optional(array(text)),
          properties: optional(record(object({ nullable: optional(boolean) }, { open: true }))),
          basic: optional(array(text)),
        },
        { open: true },
      ),
    ),
  ),
  showcase: optional(
    nullable(
      object({
        gallery: optional(array(picture)),
        hero_image: optional(nullable(url)),
        tagline: optional(nullable(text)),
      }),
    ),
  ),
  context_length: optional(nullable(integerFrom(0))),
  max_output_tokens: optional(nullable(integerFrom(0))),
});

export const modelList = object({ object: literal("list"), data: array(model) }, { order: true });
