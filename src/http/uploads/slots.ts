/**
 * Creates upload slots: signed URLs to which a client may PUT a file without a key, like presigned URLs of a storage
 * service. A URL expires on the sandbox's clock. The file is read under the same path, without the signature.
 */
import type { Account } from "../../engine/generation/accounts.ts";
import type { Instant } from "../../engine/base/clock.ts";
import { base62From } from "../../engine/base/ids.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { publicOrigin } from "../parsing/public-url.ts";

/** The file extensions of content types in URLs, for readers that detect the type by the extension. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  "video/mp4": "mp4",
  "video/quicktime": "mov",
  "video/webm": "webm",
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/mp4": "m4a",
  "audio/ogg": "ogg",
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
};

export interface SlotRequest {
  readonly account: Account;
  readonly vendor: string;
  readonly now: Instant;
  readonly lifetimeMs: number;
  /** The only content type that is accepted; absent for any. */
  readonly contentType?: string | undefined;
  /** The vendor's own limit; the sandbox's limit also applies. */
  readonly maxBytes?: number | undefined;
}

export interface UploadSlot {
  readonly accountId: number;
  readonly vendor: string;
  readonly token: string;
  /** The only content type that is accepted; null for any. */
  readonly contentType: string | null;
  /** The vendor's own limit; null if only the sandbox's limit applies. */
  readonly maxBytes: number | null;
  readonly expiresAt: Instant;
}

/** Creates a token that cannot be guessed, for the URL of a file. Call it inside a transaction. */
export function nextUploadToken(account: Account, vendor: string): string {
  return base62From(account.nextDigest(vendor, "upload"), 32);
}

/** Creates a slot. Call it inside a transaction. */
export function openUploadSlot(sandbox: Sandbox, request: SlotRequest): UploadSlot {
  const { account, vendor, now, lifetimeMs, contentType, maxBytes } = request;
  return sandbox.store.uploads.insertSlot({
    sandboxId: sandbox.rowId,
    accountId: account.id,
    vendor,
    token: nextUploadToken(account, vendor),
    contentType: contentType ?? null,
    maxBytes: maxBytes ?? null,
    createdAt: now,
    expiresAt: now + lifetimeMs,
  });
}

export function findUploadSlot(sandbox: Sandbox, token: string): UploadSlot | undefined {
  return sandbox.store.uploads.findSlot(sandbox.rowId, token);
}

/** Returns the URL where the file of a token is read; it needs no key. */
export function uploadedFileUrl(sandbox: Sandbox, origin: string, token: string, contentType?: string | null): string {
  const extension = EXTENSIONS[mediaTypeOf(contentType ?? "")];
  const file = extension === undefined ? token : `${token}.${extension}`;
  return `${publicOrigin(sandbox, origin)}/_media/${sandbox.name}/uploads/${file}`;
}

/** Returns the URL to which the file of a slot is PUT. */
export function slotUrl(sandbox: Sandbox, origin: string, slot: UploadSlot): string {
  const { token, contentType } = slot;
  return `${uploadedFileUrl(sandbox, origin, token, contentType)}?signature=${slotSignature(sandbox, token)}`;
}

/** Returns the signature that a PUT must have in its URL; reading needs none. */
export function slotSignature(sandbox: Sandbox, token: string): string {
  return sandbox.digest("upload slot", token);
}

/** Returns the token in an upload URL of this sandbox, with any origin; undefined for any other URL. */
export function uploadTokenOf(sandbox: Sandbox, url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const [, name, token] = /^\/_media\/([^/]+)\/uploads\/([0-9A-Za-z]+)(?:\.\w+)?$/.exec(new URL(url).pathname) ?? [];
  return name === sandbox.name ? token : undefined;
}

/** Returns a content type without its parameters, in lower case. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
}
