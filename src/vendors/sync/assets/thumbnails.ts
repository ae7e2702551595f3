/** Pictures of uploaded videos. */
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { mediaUrl } from "../../../http/parsing/media-url.ts";
import type { AssetDocument } from "./store.ts";

/** Where the picture of an uploaded video is; undefined for any other asset. */
export function thumbnailUrl(
  id: string,
  document: AssetDocument,
  sandbox: Sandbox,
  origin: string,
): string | undefined {
  return hasThumbnail(document) ? mediaUrl(sandbox, origin, "sync", `thumb-${id}.jpg`) : undefined;
}

/** Whether an asset is a video of ours whose size is known. */
export function hasThumbnail(document: AssetDocument): document is AssetDocument & { width: number; height: number } {
  const { type, uploadToken, width, height } = document;
  return type === "VIDEO" && uploadToken !== undefined && width !== undefined && height !== undefined;
}
