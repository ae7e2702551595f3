/** Pictures of uploaded videos. */
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";

/** What decides whether an asset has a picture. */
interface PicturedAsset {
  readonly type: string;
  readonly uploadToken?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Where the picture of an uploaded video is; undefined for any other asset. */
export function thumbnailUrl(
  id: string,
  document: PicturedAsset,
  sandbox: Sandbox,
  origin: string,
): string | undefined {
  return hasThumbnail(document) ? mediaUrl(sandbox, origin, { vendor: "sync", name: `thumb-${id}.jpg` }) : undefined;
}

/** Whether an asset is a video of ours whose size is known. */
export function hasThumbnail<Asset extends PicturedAsset>(
  document: Asset,
): document is Asset & { width: number; height: number } {
  const { type, uploadToken, width, height } = document;
  return type === "VIDEO" && uploadToken !== undefined && width !== undefined && height !== undefined;
}
