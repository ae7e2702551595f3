/**
 * Assets: files of the account's that generations and characters are made from. One begins as a slot, is `pending`
 * until its bytes have arrived and been looked at, and then is `active` or `failed` [client: MyPage polls for `active`].
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

/** What was found in the bytes that arrived. */
const findings = z.strictObject({
  /** Digest of the bytes; others that take their place are looked at anew. */
  sha256: z.string(),
  kind: z.enum([...assetTypes, "unknown"]),
  size: size.optional(),
  durationSeconds: z.number().optional(),
  frames: z.number().optional(),
});

/** How an asset is stored. */
const assetDocument = z.strictObject({
  type: z.enum(assetTypes),
  /** As the client said, approximately. */
  size,
  /** Names the file among the uploads. */
  token: z.string(),
  isArchived: z.boolean(),
  findings: findings.optional(),
});

type AssetDocument = z.output<typeof assetDocument>;
type StoredAsset = StoredDocument<AssetDocument>;

const assets = documentKind("affogato", "asset", assetDocument);

/** An asset as it is at the request's instant. */
export interface Asset {
  readonly id: string;
  readonly type: AssetType;
  readonly status: AssetStatus;
  readonly size: z.output<typeof size>;
  readonly token: string;
  readonly durationSeconds?: number | undefined;
  readonly frames?: number | undefined;
}

/** How long a presigned URL is good for; not documented [inferred]. */
const SLOT_LIFETIME_MS = 3_600_000;

/** Makes a slot for a file, and answers the asset with the URL that its bytes are PUT to. */
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

/** The account's asset of this id. Throws 404. */
export function findOwnAsset(owner: Owner, id: string): Asset {
  const found = assets.findOwn(owner, id);
  if (found === undefined) throw notFound("Asset");
  return assetOf(owner, found);
}

/** The account's assets, newest first [inferred], without those in the archive [inferred: it is what an archive is for]. */
export function listAssets(owner: Owner): Asset[] {
  return assets
    .ofAccount(owner.sandbox, owner.account)
    .reverse()
    .map((stored) => assetOf(owner, stored))
    .filter(({ status }) => status !== "archive");
}

/** Every asset of the account that the body names by its id, wherever it does. */
export function findNamedAssets(owner: Owner, body: unknown): ReadonlyMap<string, Asset> {
  return new Map(namedIn(owner, body).map((stored) => [stored.id, assetOf(owner, stored)]));
}

/** Archives all of these, or throws 404 and archives none. */
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
 * Looks at the bytes of assets that were not looked at yet: those that the body names, or all of the account's.
 * What reads assets comes after it. Throws 404 when the sandbox was reset meanwhile.
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
  // Other bytes have taken the place of these while they were read; the next reader looks at those.
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
  // Bytes of another kind, or of none that can be read, fail [client: there is `failed`; inferred: what comes to it].
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
