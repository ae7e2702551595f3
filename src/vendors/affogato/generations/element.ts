/** Defines one element of the array in POST /pub/v1/generations [doc: generations/generation]. */
import { z } from "zod";

export const aspectRatios = ["1:1", "2:3", "3:2", "4:5", "16:9", "9:16"] as const;

/**
 * Ratios that are accepted with a diagnostic unless the catalogue is strict [inferred]: a video needs an image of one of
 * them, and a client sends `3:5`, but the documented list has neither.
 */
export const undocumentedRatios = ["3:5", "5:3"] as const;

export const qualities = ["Plus", "Regular"] as const;
export const samplers = [
  "DPM++ 2M Karras",
  "DPM++ 2M SDE Karras",
  "DPM++ 2S a Karras",
  "DPM++ SDE",
  "DPM++ SDE Karras",
  "Euler a",
] as const;

// A documented closed list. The planner of a variant checks it, so a wrong value in an ignored field is not an error.
const listed = (values: readonly string[]) =>
  z
    .string()
    .meta({ enum: [...values] })
    .nullish();
const text = z.string().nullish();
const assetId = z.string().meta({ description: "Id of an active asset" }).nullish();

const element = z
  .looseObject({
    aspect_ratio: listed(aspectRatios),
    batch_size: z.int().meta({ description: "Number of outputs; the plan sets a maximum" }).nullish(),
    cfg_scale: z.number().nullish(),
    character: z
      .looseObject({
        character_id: text,
        mode: z.string().meta({ description: "flexible, balanced or strong" }).nullish(),
        weight: z.number().nullish(),
        enable_facelock: z.boolean().nullish(),
      })
      .nullish(),
    control_net: z
      .looseObject({
        asset_id: assetId,
        name: text,
        control_mode: z.int().nullish(),
        resize_mode: z.int().nullish(),
      })
      .nullish(),
    facelock: z.looseObject({ asset_id: assetId }).nullish(),
    loras: z.array(z.looseObject({ name: z.string(), weight: z.number().nullish() })).nullish(),
    model: text,
    narrator: z
      .looseObject({
        image_asset_id: assetId,
        video_asset_id: assetId,
        audio_asset_id: assetId,
        script: text,
        voice: text,
      })
      .nullish(),
    prompt: z.looseObject({ positive: text, negative: text }).nullish(),
    quality: listed(qualities),
    sampler: listed(samplers),
    seed: z.int().nullish(),
    segment: z.looseObject({ asset_id: assetId, find: text, replace: text }).nullish(),
    steps: z.int().nullish(),
    style: z.string().meta({ description: "Deprecated in favour of `style_detail`" }).nullish(),
    style_detail: z.looseObject({ name: z.string(), base_model: text }).nullish(),
    true_touch: z
      .looseObject({ asset_id: assetId, enhance_strength: z.number().nullish(), scale_factor: z.number().nullish() })
      .nullish(),
    video_anyone: z
      .looseObject({
        media_id: z.string().meta({ description: "Id of a media item or of an asset" }).nullish(),
        prompt: z.string().meta({ description: "At most 500 characters" }).nullish(),
        duration: z.number().meta({ description: "Seconds" }).nullish(),
      })
      .nullish(),
  })
  .meta({
    description:
      "Has one of segment, style, model, true_touch, narrator and video_anyone; if it has several, the first in this order applies.",
  });

export type Element = z.output<typeof element>;

export const generateBody = z.array(element).min(1);

export type Variant = "segment" | "style" | "model" | "true_touch" | "narrator" | "video_anyone" | "prompt";

/**
 * Returns the variant of an element. If an element names several variants, the first in this order wins silently [doc].
 * An element that names none is made from its prompt alone [inferred: no field is marked required].
 */
export function variantOf(given: Element): Variant {
  if (given.segment != null) return "segment";
  if (given.style != null || given.style_detail != null) return "style";
  if (given.model != null) return "model";
  if (given.true_touch != null) return "true_touch";
  if (given.narrator != null) return "narrator";
  if (given.video_anyone != null) return "video_anyone";
  return "prompt";
}
