/**
 * Stores assets: the account's files that generations and characters use as inputs. An asset begins as an upload slot.
 * It is `pending` until its bytes have arrived and been inspected, and then `active` or `failed` [client: MyPage polls
 * for `active`].
 */
import { z } from "zod";
import { durationsOf } from "../../../engine/model/timing.ts";
import { documentKind, type Owner, type StoredDocument } from "../../../engine/sandbox/documents.ts";
import { openUploadSlot, slotUrl } from "../../../http/uploads/slots.ts";
import { findUpload, readUpload, UploadInterrupted } from "../../../http/uploads/receive.ts";
import { inspectMedia, type InspectedMedia } from "../../../media/serve/inspect.ts";
import { notFound } from "../errors.ts";
import { nextId } from "../ids.ts";

export const assetTypes = ["image", "video", "audio"] as const;
export const assetStatuses = ["pending", "active", "archive", "failed"] as const;

export type AssetType = (typeof assetTypes)[number];
type AssetStatus = (typeof assetStatuses)[number];

const size = z.strictObject({ height: z.number(), width: z.number() });

/** Facts read from the uploaded bytes. */
const findings = z.strictObject({
  /** Digest of the inspected bytes; replaced bytes are inspected again. */
  sha256: z.string(),
  kind: z.enum([...assetTypes, "unknown"]),
  size: size.optional(),
  durationSeconds: z.number().optional(),
  frames: z.number().optional(),
});

/** The stored form of an asset. */
const assetDocument = z.strictObject({
  type: z.enum(assetTypes),
  /** Approximate size, as the client stated it. */
  size,
  /** Token of the uploaded file. */
  token: z.string(),
  isArchived: z.boolean(),
  findings: findings.optional(),
});

type AssetDocument = z.output<typeof assetDocument>;
type StoredAsset = StoredDocument<AssetDocument>;

export const assets = documentKind("affogato", "asset", assetDocument);

/** An asset at the instant of a request. */
export interface Asset {
  readonly id: string;
  readonly type: AssetType;
  readonly status: AssetStatus;
  readonly size: z.output<typeof size>;
  readonly token: string;
  readonly durationSeconds?: number | undefined;
  readonly frames?: number | undefined;
}

/** How long a presigned URL is valid; the documentation does not say [inferred]. */
const SLOT_LIFETIME_MS = 3_600_000;

/** Creates an upload slot and returns the asset with the URL to which the client PUTs the bytes. */
export function openAsset(
  owner: Owner,
  origin: string,
  wanted: Pick<AssetDocument, "type" | "size">,
): { asset: Asset; uploadUrl: string } {
  const { sandbox, account, now } = owner;
  return sandbox.write(() => {
    const slot = openUploadSlot(sandbox, { account, vendor: "affogato", now, lifetimeMs: SLOT_LIFETIME_MS });
    const document: AssetDocument = { ...wanted, token: slot.token, isArchived: false };
    const { id } = assets.insert(owner, nextId(account, "ast"), document);
    return { asset: { id, ...document, status: "pending" }, uploadUrl: slotUrl(sandbox, origin, slot) };
  });
}

/** Returns the account's asset with this id. Throws 404 for an unknown id. */
export function findOwnAsset(owner: Owner, id: string): Asset {
  const found = assets.findOwn(owner, id);
  if (found === undefined) throw notFound("Asset");
  return assetOf(owner, found);
}

/**
 * Lists the account's assets, newest first [inferred], without archived assets [inferred: an archive removes assets
 * from the list].
 */
export function listAssets(owner: Owner): Asset[] {
  return assets
    .ofAccount(owner.sandbox, owner.account)
    .reverse()
    .map((stored) => assetOf(owner, stored))
    .filter(({ status }) => status !== "archive");
}

/** Returns every asset of the account whose id appears anywhere in the body, by id. */
export function findNamedAssets(owner: Owner, body: unknown): ReadonlyMap<string, Asset> {
  return new Map(namedIn(owner, body).map((stored) => [stored.id, assetOf(owner, stored)]));
}

/** Archives all the named assets, or throws 404 and archives none. */
export function archiveAssets(owner: Owner, ids: readonly string[]): Asset[] {
  const { sandbox } = owner;
  sandbox.write(() => {
    for (const id of ids) {
      const found = assets.findOwn(owner, id);
      if (found === undefined) throw notFound(`Asset ${id}`);
      assets.replace(sandbox, found, { ...found.document, isArchived: true });
    }
  });
  return ids.map((id) => findOwnAsset(owner, id));
}

/**
 * Inspects the bytes of assets that have not been inspected yet: those that the body names, or all the account's when
 * no body is given. Call it before reading assets. Throws 404 if the sandbox is reset meanwhile.
 */
export async function inspectUploads(owner: Owner, body?: unknown): Promise<void> {
  const { sandbox, account } = owner;
  for (const stored of body === undefined ? assets.ofAccount(sandbox, account) : namedIn(owner, body))
    await inspect(owner, stored);
}

async function inspect(owner: Owner, { id, document }: StoredAsset): Promise<void> {
  const { sandbox } = owner;
  const { token, findings: found } = document;
  const upload = findUpload(sandbox, token);
  if (upload === undefined || found?.sha256 === upload.sha256) return;
  const { epoch } = sandbox;
  const seen = await inspectMedia({
    size: upload.size,
    read: async (start, end) => Buffer.concat(await readUpload(sandbox, upload, { start, end: end - 1 }).toArray()),
  }).catch(unlessInterrupted);
  if (sandbox.epoch !== epoch) throw notFound("Asset");
  // Another upload replaced these bytes while they were read; the next read inspects the new ones.
  if (seen === undefined) return;
  sandbox.write(() => {
    const current = assets.findOwn(owner, id);
    if (current === undefined) return;
    const { sha256 } = upload;
    assets.replace(sandbox, current, { ...current.document, findings: { sha256, ...findingsFrom(seen) } });
  });
}

function unlessInterrupted(error: unknown): undefined {
  if (!(error instanceof UploadInterrupted)) throw error;
}

function findingsFrom(seen: InspectedMedia): Omit<z.output<typeof findings>, "sha256"> {
  return {
    kind: seen.kind,
    ...("width" in seen && { size: { height: seen.height, width: seen.width } }),
    ...("durationSeconds" in seen && { durationSeconds: seen.durationSeconds }),
    ...("frames" in seen && { frames: seen.frames }),
  };
}

function assetOf({ sandbox, now }: Owner, { id, document }: StoredAsset): Asset {
  const { type, size: declared, token, isArchived, findings: found } = document;
  const upload = findUpload(sandbox, token);
  const processingMs = durationsOf(sandbox.settings.timing, type).processing;
  const hasArrived = upload !== undefined && now >= upload.completedAt + processingMs;
  // Bytes of another or an unreadable kind fail [client: the status `failed` exists; inferred: which assets get it].
  const isUsable = upload !== undefined && upload.size > 0 && (found?.kind ?? type) === type;
  const status = isArchived ? "archive" : !hasArrived ? "pending" : isUsable ? "active" : "failed";
  const shown = status === "pending" ? undefined : found;
  return {
    id,
    type,
    status,
    size: shown?.size ?? declared,
    token,
    durationSeconds: shown?.durationSeconds,
    frames: shown?.frames,
  };
}

function namedIn(owner: Owner, body: unknown): StoredAsset[] {
  const ids = new Set(JSON.stringify(body).match(/ast_[0-9A-Za-z]+/g));
  return [...ids].flatMap((id) => assets.findOwn(owner, id) ?? []);
}
