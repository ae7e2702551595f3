/** Stores uploaded files in chunks, and the slots that clients upload to. */
import type { Connection, Statement } from "./connection.ts";

/** A place that a client may PUT one file to, without a key, until it expires. */
export interface StoredUploadSlot {
  readonly id: number;
  readonly sandboxId: number;
  readonly accountId: number;
  readonly vendor: string;
  readonly token: string;
  /** The one content type that is taken; null for any. */
  readonly contentType: string | null;
  /** Null for the sandbox's own limit alone. */
  readonly maxBytes: number | null;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** A file that a client sent, or is sending: then it has neither token nor digest. */
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

/** An upload that is there as a whole. */
export interface CompleteUpload extends StoredUpload {
  readonly token: string;
  readonly sha256: string;
  readonly completedAt: number;
}

const SLOT = `id, sandbox_id AS sandboxId, account_id AS accountId, vendor, token, content_type AS contentType,
  max_bytes AS maxBytes, created_at AS createdAt, expires_at AS expiresAt`;

const UPLOAD = `id, sandbox_id AS sandboxId, account_id AS accountId, vendor, token, content_type AS contentType, size,
  sha256, created_at AS createdAt, completed_at AS completedAt`;

/** The `upload_slots`, `uploads` and `upload_chunks` tables. Every chunk but an upload's last has the same size. */
export class UploadRepository {
  readonly #insertSlot: Statement<[NewUploadSlot], unknown>;
  readonly #slot: Statement<[number, string], StoredUploadSlot>;
  readonly #insert: Statement<[NewUpload], unknown>;
  readonly #grow: Statement<[number, number], unknown>;
  readonly #insertChunk: Statement<[number, number, Uint8Array], unknown>;
  readonly #deleteByToken: Statement<[number, string], unknown>;
  readonly #complete: Statement<[string, string, number, number], CompleteUpload>;
  readonly #byToken: Statement<[number, string], CompleteUpload>;
  readonly #chunk: Statement<[number, number], { bytes: Buffer }>;
  readonly #delete: Statement<[number], unknown>;
  readonly #bytesIn: Statement<[number], { bytes: number }>;

  /** Deletes the uploads that an earlier process had not received to the end. */
  constructor(connection: Connection) {
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

  /** Begins an upload; answers its id. */
  insert(upload: NewUpload): number {
    return Number(this.#insert.run(upload).lastInsertRowid);
  }

  /** Adds a chunk to an incomplete upload; answers false when the upload is gone. Call it inside a transaction. */
  appendChunk(id: number, position: number, bytes: Uint8Array): boolean {
    if (this.#grow.run(bytes.length, id).changes === 0) return false;
    this.#insertChunk.run(id, position, bytes);
    return true;
  }

  /**
   * Completes an upload under its token, in place of an earlier one; undefined when the upload is gone. Call it inside a
   * transaction.
   */
  complete(
    id: number,
    change: { readonly sandboxId: number; readonly token: string; readonly sha256: string; readonly at: number },
  ): CompleteUpload | undefined {
    this.#deleteByToken.run(change.sandboxId, change.token);
    return this.#complete.get(change.token, change.sha256, change.at, id);
  }

  /** A complete upload. */
  findByToken(sandboxId: number, token: string): CompleteUpload | undefined {
    return this.#byToken.get(sandboxId, token);
  }

  chunk(id: number, position: number): Buffer | undefined {
    return this.#chunk.get(id, position)?.bytes;
  }

  delete(id: number): void {
    this.#delete.run(id);
  }

  /** Adds up the bytes of the sandbox's uploads, incomplete ones too. */
  bytesIn(sandboxId: number): number {
    return this.#bytesIn.get(sandboxId)?.bytes ?? 0;
  }
}
