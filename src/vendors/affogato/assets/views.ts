/** Formats assets for responses of v1 (nested) and v2 (flat). */
import type { z } from "zod";
import { uploadedFileUrl } from "../../../http/uploads/slots.ts";
import type { Place } from "../place.ts";
import type { assetV1, assetV2, slotV2 } from "./schemas.ts";
import type { Asset } from "./store.ts";

/** Content types that give a file's URL its extension; the file is served with the content type of its upload. */
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
