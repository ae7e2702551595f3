/**
 * Assets: files of the account's that generations and characters are made from. One begins as a slot, is `pending`
 * until its bytes have arrived and been looked at, and then is `active` or `failed` [client: MyPage polls for `active`].
 */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { durationsOf } from "../../engine/timing.ts";
import { openUploadSlot, slotUrl } from "../../http/upload-slots.ts";
import { findUpload, readUpload } from "../../http/uploads.ts";
import { inspectMedia } from "../../media/inspect.ts";
import { notFound } from "./errors.ts";
import { nextId } from "./ids.ts";

export const assetTypes = ["image", "video", "audio"] as const;
export const assetStatuses = ["pending", "active", "archive", "failed"] as const;

export type AssetType = (typeof assetTypes)[number];
export type AssetStatus = (typeof assetStatuses)[number];

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
const KIND = "asset";

type AssetRow = NonNullable<ReturnType<FastifyRequest["sandbox"]["store"]["resources"]["find"]>>;

/** Makes a slot for a file, and answers the asset with the URL that its bytes are PUT to. */
export function openAsset(
  { sandbox, account, now }: FastifyRequest,
  origin: string,
  wanted: Pick<AssetDocument, "type" | "size">,
): { asset: Asset; uploadUrl: string } {
  return sandbox.write(() => {
    const slot = openUploadSlot(sandbox, { account, vendor: "affogato", now, lifetimeMs: SLOT_LIFETIME_MS });
    const id = nextId(account, "ast");
    const document: AssetDocument = { ...wanted, token: slot.token, isArchived: false };
    sandbox.store.resources.insert({
      sandbox_id: sandbox.rowId,
      account_id: account.id,
      vendor: "affogato",
      kind: KIND,
      public_id: id,
      created_at: now,
      document: JSON.stringify(document),
    });
    return { asset: { id, ...document, status: "pending" }, uploadUrl: slotUrl(sandbox, origin, slot) };
  });
}

/** The account's asset of this id. Throws 404. */
export async function findOwnAsset(request: FastifyRequest, id: string): Promise<Asset> {
  const row = findRow(request, id);
  if (row === undefined) throw notFound("Asset");
  return readAsset(request, row);
}

/** The account's assets, newest first [inferred], without those in the archive [inferred: it is what an archive is for]. */
export async function listAssets(request: FastifyRequest): Promise<Asset[]> {
  const { sandbox, account } = request;
  const rows = sandbox.store.resources.ofAccount(account.id, "affogato", KIND).reverse();
  const listed: Asset[] = [];
  for (const row of rows) if (!documentOf(row).isArchived) listed.push(await readAsset(request, row));
  return listed;
}

/** Every asset of the account that the body names by its id, wherever it does. */
export async function findNamedAssets(request: FastifyRequest, body: unknown): Promise<ReadonlyMap<string, Asset>> {
  const found = new Map<string, Asset>();
  for (const id of new Set(JSON.stringify(body).match(/ast_[0-9A-Za-z]+/g))) {
    const row = findRow(request, id);
    if (row !== undefined) found.set(id, await readAsset(request, row));
  }
  return found;
}

/** Archives all of these, or throws 404 and archives none. */
export async function archiveAssets(request: FastifyRequest, ids: readonly string[]): Promise<Asset[]> {
  const { sandbox } = request;
  sandbox.write(() => {
    for (const id of ids) {
      const row = findRow(request, id);
      if (row === undefined) throw notFound(`Asset ${id}`);
      save(request, row, { ...documentOf(row), isArchived: true });
    }
  });
  const archived: Asset[] = [];
  for (const id of ids) archived.push(await findOwnAsset(request, id));
  return archived;
}

async function readAsset(request: FastifyRequest, row: AssetRow): Promise<Asset> {
  const { sandbox, now } = request;
  const upload = findUpload(sandbox, documentOf(row).token);
  const { type, size: declared, token, isArchived, findings: found } = await inspected(request, row, upload);
  const processingMs = durationsOf(sandbox.timing, type).processing;
  const hasArrived = upload !== undefined && now >= upload.completed_at + processingMs;
  // Bytes that nothing here can read pass for what they were declared as, so that a test need not send a real film.
  const isUsable = upload !== undefined && upload.size > 0 && (found?.kind === "unknown" || found?.kind === type);
  const status = isArchived ? "archive" : !hasArrived ? "pending" : isUsable ? "active" : "failed";
  const seen = status === "pending" ? undefined : found;
  return {
    id: row.public_id,
    type,
    status,
    size: seen?.size ?? declared,
    token,
    durationSeconds: seen?.durationSeconds,
    frames: seen?.frames,
  };
}

/** The document with findings on the bytes that are there now. Throws 404 when the sandbox was reset meanwhile. */
async function inspected(
  request: FastifyRequest,
  row: AssetRow,
  upload: ReturnType<typeof findUpload>,
): Promise<AssetDocument> {
  const { sandbox } = request;
  const document = documentOf(row);
  if (upload === undefined || document.findings?.sha256 === upload.sha256) return document;
  const { epoch } = sandbox;
  const seen = await inspectMedia({
    size: upload.size,
    read: async (start, end) => Buffer.concat(await readUpload(sandbox, upload, { start, end: end - 1 }).toArray()),
  });
  if (sandbox.epoch !== epoch) throw notFound("Asset");
  const found = {
    sha256: upload.sha256,
    kind: seen.kind,
    ...("width" in seen && { size: { height: seen.height, width: seen.width } }),
    ...("durationSeconds" in seen && { durationSeconds: seen.durationSeconds }),
    ...("frames" in seen && { frames: seen.frames }),
  };
  return sandbox.write(() => {
    const current = findRow(request, row.public_id);
    if (current === undefined) throw notFound("Asset");
    const changed = { ...documentOf(current), findings: found };
    save(request, current, changed);
    return changed;
  });
}

function findRow({ sandbox, account }: FastifyRequest, id: string): AssetRow | undefined {
  const row = sandbox.store.resources.find(sandbox.rowId, "affogato", KIND, id);
  return row?.account_id === account.id ? row : undefined;
}

function documentOf(row: AssetRow): AssetDocument {
  return assetDocument.parse(JSON.parse(row.document));
}

function save({ sandbox }: FastifyRequest, row: AssetRow, document: AssetDocument): void {
  sandbox.store.resources.update(row.id, JSON.stringify(document));
}
