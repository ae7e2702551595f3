/** Turns a file into an asset: an upload slot, a PUT without a key, and the registration of the uploaded file. */
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Account } from "../../../engine/generation/accounts.ts";
import type { Instant } from "../../../engine/base/clock.ts";
import { documentKind } from "../../../engine/sandbox/documents.ts";
import {
  findUploadSlot,
  openUploadSlot,
  slotUrl,
  uploadedFileUrl,
  uploadTokenOf,
} from "../../../http/uploads/slots.ts";
import { findUpload, uploadedFile, type Upload } from "../../../http/uploads/receive.ts";
import { originOf } from "../../../http/parsing/public-url.ts";
import { inspectMedia } from "../../../media/serve/inspect.ts";
import { stateOf, type Plan } from "../account.ts";
import type { createAssetBody, createUploadBody, uploadSlot } from "./schemas.ts";
import { factsOf, formatOf, insertAsset, type Asset, type AssetDocument } from "./store.ts";
import { refusal, unknownProject } from "../errors.ts";
import { hasProject } from "../references.ts";

const EXPIRES_IN_SECONDS = 3600;
const GIBIBYTE = 1024 ** 3;

/**
 * Maximum bytes of one file by plan. 5 GiB is documented [doc: asset-uploads], and so is a lower limit of the free
 * plan, whose size is [inferred].
 */
const PLAN_BYTES: Readonly<Partial<Record<Plan, number>>> = { free: 20 * 1024 * 1024 };

/** The file name that the client announced with its upload slot. */
export const announcements = documentKind("sync", "upload", z.strictObject({ fileName: z.string() }));

/** Creates an upload slot. Throws 422 [doc] for a file over the plan's limit. */
export function createUploadSlot(
  request: FastifyRequest,
  { fileName, contentType, size }: z.output<typeof createUploadBody>,
): z.output<typeof uploadSlot> {
  const { sandbox, account, now } = request;
  refuseAbovePlan(account, now, size);
  const slot = sandbox.write(() => {
    const opened = openUploadSlot(sandbox, {
      account,
      vendor: "sync",
      now,
      lifetimeMs: EXPIRES_IN_SECONDS * 1000,
      contentType,
    });
    announcements.insert(request, opened.token, { fileName });
    return opened;
  });
  const origin = originOf(request);
  return {
    uploadUrl: slotUrl(sandbox, origin, slot),
    url: uploadedFileUrl(sandbox, origin, slot.token, contentType),
    expiresIn: EXPIRES_IN_SECONDS,
  };
}

/**
 * Registers an uploaded file, or a public URL, which is not fetched. Throws 422 [doc] for a file that is missing,
 * belongs to another organisation or is over the plan's limit, and for an unknown project.
 */
export async function registerAsset(request: FastifyRequest, body: z.output<typeof createAssetBody>): Promise<Asset> {
  const { sandbox, account } = request;
  const projectId = body.projectId ?? null;
  if (projectId !== null && !hasProject(sandbox, account, projectId)) throw unknownProject();
  const { epoch } = sandbox;
  const file = await fileOf(request, body.url);
  // A file from before a reset must not appear after it.
  if (sandbox.epoch !== epoch) throw refusal("uploaded_file_not_found");
  return sandbox.write(() =>
    insertAsset(request, {
      ...file,
      type: body.type,
      visibility: body.visibility ?? "USER",
      ...(body.name != null && { name: body.name }),
      projectId,
    }),
  );
}

type FileFacts = Omit<AssetDocument, "updatedAt" | "user" | "type" | "visibility" | "projectId">;

/**
 * Returns the upload of a URL; undefined for the URL of a file elsewhere. Throws 422 [doc] for an upload that is missing
 * or belongs to another organisation.
 */
export function requireUpload({ sandbox, account }: FastifyRequest, url: string, field: string): Upload | undefined {
  const token = uploadTokenOf(sandbox, url);
  if (token === undefined) {
    // The URL is an upload slot of another sandbox, so it is not in this organisation's storage.
    if (/^\/_media\/[^/]+\/uploads\//.test(new URL(url).pathname)) throw refusal("file_not_in_org_storage", { field });
    return undefined;
  }
  const upload = findUpload(sandbox, token);
  const owner = findUploadSlot(sandbox, token) ?? upload;
  if (owner !== undefined && owner.accountId !== account.id) throw refusal("file_not_in_org_storage", { field });
  if (upload === undefined) throw refusal("uploaded_file_not_found", { field });
  return upload;
}

async function fileOf(request: FastifyRequest, url: string): Promise<FileFacts> {
  const { sandbox, account, now } = request;
  const upload = requireUpload(request, url, "url");
  if (upload === undefined) {
    const format = formatOf(new URL(url).pathname);
    return { url, inputType: "URL", ...(format !== undefined && { format }) };
  }
  refuseAbovePlan(account, now, upload.size);
  const fileName = announcements.find(sandbox, upload.token)?.document.fileName;
  return uploadFacts(upload, fileName, factsOf(await inspectMedia(uploadedFile(sandbox, upload))));
}

/** Returns the fields of an asset that its uploaded file gives. */
export function uploadFacts(
  upload: Pick<Upload, "token" | "contentType" | "size">,
  fileName: string | undefined,
  media: ReturnType<typeof factsOf>,
): FileFacts {
  const format = formatOf(fileName ?? "", upload.contentType);
  return {
    ...(fileName !== undefined && { name: fileName }),
    uploadToken: upload.token,
    contentType: upload.contentType,
    size: upload.size,
    ...(format !== undefined && { format }),
    inputType: "UPLOAD",
    ...media,
  };
}

export function refuseAbovePlan(account: Account, now: Instant, bytes: number): void {
  if (bytes > (PLAN_BYTES[stateOf(account, now).plan] ?? 5 * GIBIBYTE)) throw refusal("file_size_exceeds_plan_limit");
}
