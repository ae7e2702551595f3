/**
 * Receives the files that clients upload. Their bytes are written to the database as they arrive, in chunks of equal
 * size and a short transaction per chunk, so that an upload does not delay other requests and is never in memory as a
 * whole. A file is visible once a transaction keeps it; an interrupted upload leaves nothing, even if the process was
 * killed.
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Instant } from "../../engine/base/clock.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

export const CHUNK_BYTES = 256 * 1024;

export interface UploadOrigin {
  readonly accountId: number;
  readonly vendor: string;
  readonly contentType: string;
  /** The announced size; a file that is too large is refused before it is read. */
  readonly expectedBytes?: number | undefined;
  /** The vendor's own limit; the sandbox's limit also applies. */
  readonly maxBytes?: number | undefined;
}

/** A complete file that was kept. */
export interface Upload {
  /** The database key, which is never shown. */
  readonly id: number;
  readonly accountId: number;
  readonly vendor: string;
  readonly token: string;
  readonly contentType: string;
  readonly size: number;
  /** Hexadecimal digest of the content. */
  readonly sha256: string;
  readonly completedAt: Instant;
}

/** A complete file that is not visible yet; the caller must keep or discard it. */
export interface ReceivedUpload {
  readonly contentType: string;
  readonly size: number;
  /** Hexadecimal digest of the content. */
  readonly sha256: string;
  /** Returns a stream of the whole content. */
  readonly open: () => Readable;
  /** Returns the bytes from `start` to `end`, without `end`. */
  readonly read: (start: number, end: number) => Promise<Uint8Array>;
  /**
   * Makes the file visible under a token and replaces an earlier file with that token. Call it in the transaction that
   * stores the file's owner. Throws {@link UploadInterrupted} if the sandbox was reset meanwhile.
   */
  readonly keep: (token: string) => Upload;
  readonly discard: () => void;
}

/** The error for a file over the sandbox's or the vendor's limit; a vendor's scope answers it with its own 413. */
export class UploadTooLarge extends Error {}

/** The error for an upload that a disconnect, a reset, a deletion or shutdown ended before it was complete. */
export class UploadInterrupted extends Error {}

/**
 * Reads `body` to its end into the store, no faster than it can be stored. Throws {@link UploadTooLarge}, after which
 * the caller must drain the rest of `body`, and {@link UploadInterrupted}.
 */
export async function receiveUpload(sandbox: Sandbox, body: Readable, from: UploadOrigin): Promise<ReceivedUpload> {
  const { uploads } = sandbox.store;
  const { epoch, ending } = sandbox;
  const perFile = Math.min(sandbox.settings.uploadLimits.perFile, from.maxBytes ?? Infinity);
  refuseAbove(perFile, from.expectedBytes ?? 0);
  refuseWhenFull(sandbox, from.expectedBytes ?? 0);
  const id = sandbox.write(() =>
    uploads.insert({
      sandboxId: sandbox.rowId,
      accountId: from.accountId,
      vendor: from.vendor,
      contentType: from.contentType,
      createdAt: sandbox.clock.now(),
    }),
  );
  const discard = (): void => {
    // The end of the sandbox deleted the upload, and the store may be closed by now.
    if (!ending.aborted) uploads.delete(id);
  };
  const append = (position: number, bytes: Buffer): void => {
    refuseWhenFull(sandbox, bytes.length);
    sandbox.write(() => {
      if (ending.aborted || !uploads.appendChunk(id, position, bytes)) throw interrupted();
    });
  };
  try {
    const { size, sha256 } = await readChunks(body, ending, perFile, append);
    return {
      contentType: from.contentType,
      size,
      sha256,
      open: () => readUpload(sandbox, { id, size }),
      read: uploadedFile(sandbox, { id, size }).read,
      keep: (token) => {
        const change = { sandboxId: sandbox.rowId, token, sha256, at: sandbox.clock.now() };
        const kept = sandbox.epoch === epoch && !ending.aborted ? uploads.complete(id, change) : undefined;
        if (kept === undefined) throw interrupted();
        return kept;
      },
      discard,
    };
  } catch (error) {
    discard();
    throw error;
  }
}

/** Returns the file under a token, or undefined. */
export function findUpload(sandbox: Sandbox, token: string): Upload | undefined {
  return sandbox.store.uploads.findByToken(sandbox.rowId, token);
}

/** Removes the file under a token, if there is one. */
export function removeUpload(sandbox: Sandbox, token: string): void {
  const upload = findUpload(sandbox, token);
  if (upload !== undefined) sandbox.store.uploads.delete(upload.id);
}

/** Returns a stream of bytes `start` to `end` of a file, both included; fails if the file is removed meanwhile. */
export function readUpload(
  sandbox: Sandbox,
  upload: Pick<Upload, "id" | "size">,
  range: { readonly start: number; readonly end: number } = { start: 0, end: upload.size - 1 },
): Readable {
  return Readable.from(chunksOf(sandbox, upload.id, range), { objectMode: false });
}

/** Returns a reader of a file, kept or not, by byte positions; `end` is not included. */
export function uploadedFile(
  sandbox: Sandbox,
  upload: Pick<Upload, "id" | "size">,
): { readonly size: number; readonly read: (start: number, end: number) => Promise<Uint8Array> } {
  return {
    size: upload.size,
    read: async (start, end) =>
      Buffer.concat([...chunksOf(sandbox, upload.id, { start, end: Math.min(end, upload.size) - 1 })]),
  };
}

function* chunksOf(sandbox: Sandbox, id: number, { start, end }: { start: number; end: number }): Generator<Buffer> {
  for (let position = Math.floor(start / CHUNK_BYTES); position * CHUNK_BYTES <= end; position += 1) {
    const bytes = sandbox.store.uploads.chunk(id, position);
    if (bytes === undefined) throw new UploadInterrupted("The file was removed while it was read.");
    const offset = position * CHUNK_BYTES;
    yield bytes.subarray(Math.max(0, start - offset), end + 1 - offset);
  }
}

async function readChunks(
  body: Readable,
  ending: AbortSignal,
  maxBytes: number,
  append: (position: number, bytes: Buffer) => void,
): Promise<{ size: number; sha256: string }> {
  const digest = createHash("sha256");
  const stop = (): void => {
    body.destroy(interrupted());
  };
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let size = 0;
  let position = 0;
  ending.addEventListener("abort", stop, { once: true });
  try {
    // Leaving the loop must not destroy the request's socket, because the client still needs an answer.
    for await (const piece of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += piece.length;
      refuseAbove(maxBytes, size);
      digest.update(piece);
      waiting.push(piece);
      waitingBytes += piece.length;
      if (waitingBytes < CHUNK_BYTES) continue;
      let rest = Buffer.concat(waiting, waitingBytes);
      for (; rest.length >= CHUNK_BYTES; rest = rest.subarray(CHUNK_BYTES)) {
        append(position, rest.subarray(0, CHUNK_BYTES));
        position += 1;
      }
      waiting = [rest];
      waitingBytes = rest.length;
    }
  } catch (error) {
    if (error instanceof UploadTooLarge || error instanceof UploadInterrupted || !body.destroyed) throw error;
    throw new UploadInterrupted("The client disconnected before the upload was complete.", { cause: error });
  } finally {
    ending.removeEventListener("abort", stop);
  }
  if (waitingBytes > 0) append(position, Buffer.concat(waiting, waitingBytes));
  return { size, sha256: digest.digest("hex") };
}

function refuseAbove(maxBytes: number, bytes: number): void {
  if (bytes > maxBytes) throw new UploadTooLarge(`A file may have at most ${maxBytes} bytes.`);
}

function refuseWhenFull(sandbox: Sandbox, bytes: number): void {
  const { total } = sandbox.settings.uploadLimits;
  if (sandbox.store.uploads.bytesIn(sandbox.rowId) + bytes > total)
    throw new UploadTooLarge(`All uploads of a sandbox may have at most ${total} bytes together.`);
}

function interrupted(): UploadInterrupted {
  return new UploadInterrupted("The sandbox was reset, dropped or shut down.");
}
