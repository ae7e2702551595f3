/** Stores assets: files of an organisation, uploaded or hosted elsewhere, that generations can use as inputs. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { uuidFrom } from "../../../engine/base/ids.ts";
import { documentKind, type StoredDocument } from "../../../engine/sandbox/documents.ts";
import { mediaTypeOf } from "../../../http/uploads/slots.ts";
import { removeUpload } from "../../../http/uploads/receive.ts";
import type { InspectedMedia } from "../../../media/serve/inspect.ts";
import { refusal } from "../errors.ts";
import { uuid } from "../schemas.ts";

const assetTypes = ["AUDIO", "VIDEO", "IMAGE"] as const;
const visibilities = ["USER", "ORGANIZATION"] as const;
const inputTypes = ["UPLOAD", "URL", "RECORD", "TTS", "EXTRACT", "PLATFORM_IMPORT"] as const;

const assetDocument = z.strictObject({
  updatedAt: z.int(),
  /** The user of the organisation who owns the asset. */
  user: z.string(),
  type: z.enum(assetTypes),
  visibility: z.enum(visibilities),
  name: z.string().optional(),
  /** URL of a file that is hosted elsewhere. */
  url: z.string().optional(),
  /** Token of an uploaded file. */
  uploadToken: z.string().optional(),
  contentType: z.string().optional(),
  size: z.int().optional(),
  format: z.string().optional(),
  inputType: z.enum(inputTypes),
  durationSeconds: z.number().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  projectId: z.string().nullable(),
  /** Other projects that the asset was attached to; absent for none. */
  attachedTo: z.array(z.string()).optional(),
});

export type AssetDocument = z.output<typeof assetDocument>;
export type Asset = StoredDocument<AssetDocument>;

export const assets = documentKind("sync", "asset", assetDocument);

/** Stores an asset of the caller. Call it inside a transaction. */
export function insertAsset(request: FastifyRequest, fields: Omit<AssetDocument, "updatedAt" | "user">): Asset {
  const { account, user, now } = request;
  const id = uuidFrom(account.nextDigest("sync", "asset"));
  return assets.insert(request, id, { updatedAt: now, user, ...fields });
}

/** Removes an asset, and its file unless another asset uses it. Call it inside a transaction. */
export function deleteAsset({ sandbox, account }: FastifyRequest, asset: Asset): void {
  assets.remove(sandbox, asset);
  const token = asset.document.uploadToken;
  const isShared = assets.ofAccount(sandbox, account).some(({ document }) => document.uploadToken === token);
  if (token !== undefined && !isShared) removeUpload(sandbox, token);
}

/** Returns the fields of an asset that its file's bytes give. */
export function factsOf(media: InspectedMedia): Pick<AssetDocument, "durationSeconds" | "width" | "height"> {
  switch (media.kind) {
    case "image":
      return { width: media.width, height: media.height };
    case "video":
      return { durationSeconds: toHundredths(media.durationSeconds), width: media.width, height: media.height };
    case "audio":
      return { durationSeconds: toHundredths(media.durationSeconds) };
    case "unknown":
      return {};
  }
}

/** Returns a file's format, such as `mp4`, from its extension or else from its content type. */
export function formatOf(fileName: string, contentType?: string): string | undefined {
  const extension = /\.([A-Za-z0-9]{1,5})$/.exec(fileName)?.[1];
  return extension?.toLowerCase() ?? (contentType && mediaTypeOf(contentType).split("/")[1]);
}

/**
 * Returns the asset with this id, if the organisation shares it or the caller owns it. Throws 400 [inferred] for an id
 * that is not a UUID, and 404 for any other asset.
 */
export function findVisibleAsset(request: FastifyRequest, id: string): Asset {
  const found = findOrganizationAsset(request, id);
  if (!isVisible(request, found)) throw assetNotFound();
  return found;
}

/** Returns the caller's own asset. Throws 403 [doc] for an asset of another user of the organisation. */
export function findOwnAsset(request: FastifyRequest, id: string): Asset {
  const found = findOrganizationAsset(request, id);
  if (found.document.user !== request.user) throw refusal("asset_forbidden");
  return found;
}

export function isVisible({ user }: FastifyRequest, { document }: Asset): boolean {
  return document.visibility === "ORGANIZATION" || document.user === user;
}

/** Returns whether an asset is in a project's library: it was created in the project, or attached to it. */
export function isInProject({ document }: Asset, projectId: string): boolean {
  return document.projectId === projectId || document.attachedTo?.includes(projectId) === true;
}

export function requireAssetId(id: string): string {
  if (!uuid.safeParse(id).success) throw refusal("invalid_asset_id_format");
  return id.toLowerCase();
}

function assetNotFound(): ReturnType<typeof refusal> {
  return refusal("asset_not_found");
}

function findOrganizationAsset(request: FastifyRequest, id: string): Asset {
  const found = assets.findOwn(request, requireAssetId(id));
  if (found === undefined) throw assetNotFound();
  return found;
}

function toHundredths(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
