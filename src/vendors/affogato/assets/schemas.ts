/**
 * Defines the request and response bodies of the asset routes, in both versions [doc: api-reference/endpoint/assets and
 * assets_v2].
 */
import { z } from "zod";
import { successOf } from "../envelope.ts";
import { assetStatuses, assetTypes } from "./store.ts";

const size = z.strictObject({ height: z.number(), width: z.number() });

export const assetV1 = z.strictObject({
  data: z.strictObject({ size, url: z.url() }),
  id: z.string(),
  status: z.enum(assetStatuses),
  tags: z.array(z.string()),
  type: z.enum(assetTypes),
});

/** The upload example has neither status nor tags [doc]. */
export const slotV2 = z.strictObject({
  size,
  url: z.url(),
  id: z.string(),
  type: z.enum(assetTypes),
  upload_url: z.url(),
});

/**
 * `duration` is for video and audio, `frames` for video [doc]; both appear once the file has been inspected [inferred].
 */
export const assetV2 = z.strictObject({
  size,
  url: z.url(),
  id: z.string(),
  type: z.enum(assetTypes),
  status: z.enum(assetStatuses),
  duration: z.number().optional(),
  frames: z.int().optional(),
});

const pixels = z.int().min(1);
export const slotBody = z.looseObject({
  size: z.looseObject({ height: pixels, width: pixels }).meta({ description: "Approximate size of the image" }),
});

export const slotV1 = successOf(z.strictObject({ asset: assetV1, upload_url: z.url() }));
export const slot = successOf(slotV2);
