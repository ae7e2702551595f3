/** Builds the thumbnail URLs of uploaded videos. */
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";

/** The fields that decide whether an asset has a thumbnail. */
interface PicturedAsset {
  readonly type: string;
  readonly uploadToken?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Returns the thumbnail URL of an uploaded video; undefined for any other asset. */
export function thumbnailUrl(
  id: string,
  document: PicturedAsset,
  sandbox: Sandbox,
  origin: string,
): string | undefined {
  return hasThumbnail(document) ? mediaUrl(sandbox, origin, { vendor: "sync", name: `thumb-${id}.jpg` }) : undefined;
}

/** Returns whether an asset is an uploaded video of known size. */
export function hasThumbnail<Asset extends PicturedAsset>(
  document: Asset,
): document is Asset & { width: number; height: number } {
  const { type, uploadToken, width, height } = document;
  return type === "VIDEO" && uploadToken !== undefined && width !== undefined && height !== undefined;
}
