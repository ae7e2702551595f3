/** Stores uploaded files in chunks, and the slots that clients upload to. */
import type { Connection, Statement } from "./connection.ts";

/** A URL that accepts the PUT of one file, without a key, until it expires. */
export interface StoredUploadSlot {
  readonly id: number;
  readonly sandboxId: number;
  readonly accountId: number;
  readonly vendor: string;
  readonly token: string;
  /** The only accepted content type; null for any. */
  readonly contentType: string | null;
  /** The vendor's limit in bytes; null if only the sandbox's own limit applies. */
  readonly maxBytes: number | null;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** A file that a client sent or is sending; while it is being sent, it has neither token nor digest. */
interface StoredUpload {
  readonly id: number;
  readonly sandboxId: number;
  readonly accountId: number;
  readonly vendor: string;
  readonly token: string | null;
  readonly contentType: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly createdAt: number;
  readonly completedAt: number | null;
}

export type NewUploadSlot = Omit<StoredUploadSlot, "id">;

export type NewUpload = Pick<StoredUpload, "sandboxId" | "accountId" | "vendor" | "contentType" | "createdAt">;

/** A completely received upload. */
export interface CompleteUpload extends StoredUpload {
  readonly token: string;
  readonly sha256: string;
  readonly completedAt: number;
}

const SLOT = `id, sandbox_id AS sandboxId, account_id AS accountId, vendor, token, content_type AS contentType,
  max_bytes AS maxBytes, created_at AS createdAt, expires_at AS expiresAt`;

const UPLOAD = `id, sandbox_id AS sandboxId, account_id AS accountId, vendor, token, content_type AS contentType, size,
  sha256, created_at AS createdAt, completed_at AS completedAt`;

/**
 * Reads and writes `upload_slots`, `uploads` and `upload_chunks`. All chunks of an upload have the same size, except
 * the last.
 */
export class UploadRepository {
  readonly #connection: Connection;
  readonly #insertSlot: Statement<[NewUploadSlot], unknown>;
  readonly #slot: Statement<[number, string], StoredUploadSlot>;
  readonly #insert: Statement<[NewUpload], unknown>;
  readonly #grow: Statement<[number, number], unknown>;
  readonly #insertChunk: Statement<[number, number, Uint8Array], unknown>;
  readonly #deleteByToken: Statement<[number, string], unknown>;
  readonly #complete: Statement<[string, string, number, number], CompleteUpload>;
  readonly #byToken: Statement<[number, string], CompleteUpload>;
  readonly #inSandbox: Statement<[number], CompleteUpload>;
  readonly #chunk: Statement<[number, number], { bytes: Buffer }>;
  readonly #delete: Statement<[number], unknown>;
  readonly #bytesIn: Statement<[number], { bytes: number }>;

  /** Deletes the uploads that an earlier process did not receive completely. */
  constructor(connection: Connection) {
    this.#connection = connection;
    connection.exec("DELETE FROM uploads WHERE completed_at IS NULL");
    this.#insertSlot = connection.prepare(`INSERT INTO upload_slots
      (sandbox_id, account_id, vendor, token, content_type, max_bytes, created_at, expires_at)
      VALUES (@sandboxId, @accountId, @vendor, @token, @contentType, @maxBytes, @createdAt, @expiresAt)`);
    this.#slot = connection.prepare(`SELECT ${SLOT} FROM upload_slots WHERE sandbox_id = ? AND token = ?`);
    this.#insert = connection.prepare(`INSERT INTO uploads (sandbox_id, account_id, vendor, content_type, created_at)
      VALUES (@sandboxId, @accountId, @vendor, @contentType, @createdAt)`);
    this.#grow = connection.prepare("UPDATE uploads SET size = size + ? WHERE id = ? AND completed_at IS NULL");
    this.#insertChunk = connection.prepare("INSERT INTO upload_chunks (upload_id, position, bytes) VALUES (?, ?, ?)");
    this.#deleteByToken = connection.prepare("DELETE FROM uploads WHERE sandbox_id = ? AND token = ?");
    this.#complete = connection.prepare(`UPDATE uploads SET token = ?, sha256 = ?, completed_at = ?
      WHERE id = ? AND completed_at IS NULL RETURNING ${UPLOAD}`);
    this.#byToken = connection.prepare(`SELECT ${UPLOAD} FROM uploads WHERE sandbox_id = ? AND token = ?`);
    this.#inSandbox = connection.prepare(
      `SELECT ${UPLOAD} FROM uploads WHERE sandbox_id = ? AND completed_at IS NOT NULL ORDER BY id`,
    );
    this.#chunk = connection.prepare("SELECT bytes FROM upload_chunks WHERE upload_id = ? AND position = ?");
    this.#delete = connection.prepare("DELETE FROM uploads WHERE id = ?");
    this.#bytesIn = connection.prepare("SELECT total(size) AS bytes FROM uploads WHERE sandbox_id = ?");
  }

  insertSlot(slot: NewUploadSlot): StoredUploadSlot {
    return { ...slot, id: Number(this.#insertSlot.run(slot).lastInsertRowid) };
  }

  findSlot(sandboxId: number, token: string): StoredUploadSlot | undefined {
    return this.#slot.get(sandboxId, token);
  }

  /** Begins an upload; returns its id. */
  insert(upload: NewUpload): number {
    return Number(this.#insert.run(upload).lastInsertRowid);
  }

  /** Adds a chunk to an incomplete upload; returns false when the upload is gone. Call it inside a transaction. */
  appendChunk(id: number, position: number, bytes: Uint8Array): boolean {
    this.#connection.admit(bytes.length, "an upload");
    if (this.#grow.run(bytes.length, id).changes === 0) return false;
    this.#insertChunk.run(id, position, bytes);
    return true;
  }

  /**
   * Completes an upload under its token and replaces an earlier one with that token; returns undefined when the upload
   * is gone. Call it inside a transaction.
   */
  complete(
    id: number,
    change: { readonly sandboxId: number; readonly token: string; readonly sha256: string; readonly at: number },
  ): CompleteUpload | undefined {
    this.#deleteByToken.run(change.sandboxId, change.token);
    return this.#complete.get(change.token, change.sha256, change.at, id);
  }

  /** Finds a complete upload. */
  findByToken(sandboxId: number, token: string): CompleteUpload | undefined {
    return this.#byToken.get(sandboxId, token);
  }

  /** Lists the complete uploads of a sandbox, oldest first. */
  inSandbox(sandboxId: number): CompleteUpload[] {
    return this.#inSandbox.all(sandboxId);
  }

  chunk(id: number, position: number): Buffer | undefined {
    return this.#chunk.get(id, position)?.bytes;
  }

  delete(id: number): void {
    this.#delete.run(id);
  }

  /** Returns the total size of the sandbox's uploads in bytes, incomplete ones included. */
  bytesIn(sandboxId: number): number {
    return this.#bytesIn.get(sandboxId)?.bytes ?? 0;
  }
}
