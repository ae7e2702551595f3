/** Assets as v1 (nested) and v2 (flat) show them. */
import { z } from "zod";
import { uploadedFileUrl } from "../../../http/uploads/slots.ts";
import { assetStatuses, assetTypes, type Asset } from "./store.ts";
import type { Place } from "../generations/views.ts";

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

/** `duration` is for video and audio, `frames` for video [doc]; both are known once the file was looked at [inferred]. */
export const assetV2 = z.strictObject({
  size,
  url: z.url(),
  id: z.string(),
  type: z.enum(assetTypes),
  status: z.enum(assetStatuses),
  duration: z.number().optional(),
  frames: z.int().optional(),
});

/** Extension of the file's URL by what it was announced as; the content type is the one that it arrived with. */
const CONTENT_TYPES = { image: "image/png", video: "video/mp4", audio: "audio/mpeg" } as const;

export function assetUrl({ sandbox, origin }: Place, { token, type }: Pick<Asset, "token" | "type">): string {
  return uploadedFileUrl(sandbox, origin, token, CONTENT_TYPES[type]);
}

export function formatAssetV1(asset: Asset, place: Place): z.output<typeof assetV1> {
  const { size, id, status, type } = asset;
  return { data: { size, url: assetUrl(place, asset) }, id, status, tags: ["api"], type };
}

export function formatSlotV2(asset: Asset, uploadUrl: string, place: Place): z.output<typeof slotV2> {
  const { size, id, type } = asset;
  return { size, url: assetUrl(place, asset), id, type, upload_url: uploadUrl };
}

export function formatAssetV2(asset: Asset, place: Place): z.output<typeof assetV2> {
  const { size, id, type, status, durationSeconds: duration, frames } = asset;
  return {
    size,
    url: assetUrl(place, asset),
    id,
    type,
    status,
    ...(type !== "image" && duration !== undefined && { duration }),
    ...(type === "video" && frames !== undefined && { frames }),
  };
}
