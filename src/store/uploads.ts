/** Stores uploaded files in chunks, and the slots that clients upload to. */
import type { Connection, Statement } from "./connection.ts";

/** A URL that a client may PUT one file to, without a key, until it expires. */
export interface UploadSlotRow {
  readonly id: number;
  readonly sandbox_id: number;
  readonly account_id: number;
  readonly vendor: string;
  readonly token: string;
  /** The only content type that is accepted; null for any. */
  readonly content_type: string | null;
  /** Null when only the sandbox's own limit holds. */
  readonly max_bytes: number | null;
  readonly created_at: number;
  readonly expires_at: number;
}

/** A file that a client sent, or is sending; then there is neither token nor digest. */
export interface UploadRow {
  readonly id: number;
  readonly sandbox_id: number;
  readonly account_id: number;
  readonly vendor: string;
  readonly token: string | null;
  readonly content_type: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly created_at: number;
  readonly completed_at: number | null;
}

/** An upload of which every byte has arrived. */
export interface CompleteUploadRow extends UploadRow {
  readonly token: string;
  readonly sha256: string;
  readonly completed_at: number;
}

/** Reads and writes `upload_slots`, `uploads` and `upload_chunks`. All chunks of an upload but the last have one size. */
export class UploadRepository {
  readonly #insertSlot: Statement<[Omit<UploadSlotRow, "id">], unknown>;
  readonly #slot: Statement<[number, string], UploadSlotRow>;
  readonly #insert: Statement<[number, number, string, string, number], unknown>;
  readonly #grow: Statement<[number, number], unknown>;
  readonly #insertChunk: Statement<[number, number, Uint8Array], unknown>;
  readonly #deleteByToken: Statement<[number, string], unknown>;
  readonly #complete: Statement<[string, string, number, number], CompleteUploadRow>;
  readonly #byToken: Statement<[number, string], CompleteUploadRow>;
  readonly #chunk: Statement<[number, number], { bytes: Buffer }>;
  readonly #delete: Statement<[number], unknown>;
  readonly #bytesIn: Statement<[number], { bytes: number }>;

  /** Deletes the uploads that an earlier process had not received to the end. */
  constructor(connection: Connection) {
    connection.exec("DELETE FROM uploads WHERE completed_at IS NULL");
    this.#insertSlot = connection.prepare(`INSERT INTO upload_slots
      (sandbox_id, account_id, vendor, token, content_type, max_bytes, created_at, expires_at)
      VALUES (@sandbox_id, @account_id, @vendor, @token, @content_type, @max_bytes, @created_at, @expires_at)`);
    this.#slot = connection.prepare("SELECT * FROM upload_slots WHERE sandbox_id = ? AND token = ?");
    this.#insert = connection.prepare(
      "INSERT INTO uploads (sandbox_id, account_id, vendor, content_type, created_at) VALUES (?, ?, ?, ?, ?)",
    );
    this.#grow = connection.prepare("UPDATE uploads SET size = size + ? WHERE id = ? AND completed_at IS NULL");
    this.#insertChunk = connection.prepare("INSERT INTO upload_chunks (upload_id, position, bytes) VALUES (?, ?, ?)");
    this.#deleteByToken = connection.prepare("DELETE FROM uploads WHERE sandbox_id = ? AND token = ?");
    this.#complete = connection.prepare(
      "UPDATE uploads SET token = ?, sha256 = ?, completed_at = ? WHERE id = ? AND completed_at IS NULL RETURNING *",
    );
    this.#byToken = connection.prepare("SELECT * FROM uploads WHERE sandbox_id = ? AND token = ?");
    this.#chunk = connection.prepare("SELECT bytes FROM upload_chunks WHERE upload_id = ? AND position = ?");
    this.#delete = connection.prepare("DELETE FROM uploads WHERE id = ?");
    this.#bytesIn = connection.prepare("SELECT total(size) AS bytes FROM uploads WHERE sandbox_id = ?");
  }

  insertSlot(row: Omit<UploadSlotRow, "id">): UploadSlotRow {
    return { ...row, id: Number(this.#insertSlot.run(row).lastInsertRowid) };
  }

  findSlot(sandboxId: number, token: string): UploadSlotRow | undefined {
    return this.#slot.get(sandboxId, token);
  }

  /** Begins an upload; answers its id. */
  insert(upload: Pick<UploadRow, "sandbox_id" | "account_id" | "vendor" | "content_type" | "created_at">): number {
    const { sandbox_id, account_id, vendor, content_type, created_at } = upload;
    return Number(this.#insert.run(sandbox_id, account_id, vendor, content_type, created_at).lastInsertRowid);
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
  ): CompleteUploadRow | undefined {
    this.#deleteByToken.run(change.sandboxId, change.token);
    return this.#complete.get(change.token, change.sha256, change.at, id);
  }

  /** Finds a complete upload. */
  findByToken(sandboxId: number, token: string): CompleteUploadRow | undefined {
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
