/** Formats assets for sync's responses. */
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import { uploadedFileUrl } from "../../../http/uploads/slots.ts";
import { formatInstant } from "../instants.ts";
import type { AssetView } from "./schemas.ts";
import type { Asset, AssetDocument } from "./store.ts";
import { thumbnailUrl } from "./thumbnails.ts";

export function formatAsset({ id, createdAt, document }: Asset, sandbox: Sandbox, origin: string): AssetView {
  const { updatedAt, type, visibility, name, size, format, inputType, durationSeconds, width, height } = document;
  const thumbnail = thumbnailUrl(id, document, sandbox, origin);
  return {
    id,
    createdAt: formatInstant(createdAt),
    updatedAt: formatInstant(updatedAt),
    type,
    visibility,
    ...(name !== undefined && { name }),
    url: assetUrl(document, sandbox, origin),
    ...(size !== undefined && { size }),
    ...(format !== undefined && { format }),
    inputType,
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(thumbnail !== undefined && { thumbnailUrl: thumbnail }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    projectId: document.projectId,
  };
}

/** Returns the URL of an asset's file. */
export function assetUrl({ url, uploadToken, contentType }: AssetDocument, sandbox: Sandbox, origin: string): string {
  return uploadToken === undefined ? (url ?? "") : uploadedFileUrl(sandbox, origin, uploadToken, contentType);
}
