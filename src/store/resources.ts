/** Stores what vendors and the delivery layer keep of an account beside generations. */
import type { Connection, Statement } from "./connection.ts";

/** One asset, project, voice, character, batch, webhook endpoint or the like. */
export interface ResourceRow {
  readonly id: number;
  readonly sandbox_id: number;
  readonly account_id: number;
  readonly vendor: string;
  readonly kind: string;
  readonly public_id: string;
  readonly created_at: number;
  /** JSON of the layer that wrote it. */
  readonly document: string;
}

/** Reads and writes `resources`. */
export class ResourceRepository {
  readonly #insert: Statement<[Omit<ResourceRow, "id">], unknown>;
  readonly #find: Statement<[number, string, string, string], ResourceRow>;
  readonly #ofAccount: Statement<[number, string, string], ResourceRow>;
  readonly #update: Statement<[string, number], unknown>;
  readonly #delete: Statement<[number], unknown>;

  constructor(connection: Connection) {
    this.#insert =
      connection.prepare(`INSERT INTO resources (sandbox_id, account_id, vendor, kind, public_id, created_at, document)
      VALUES (@sandbox_id, @account_id, @vendor, @kind, @public_id, @created_at, @document)`);
    this.#find = connection.prepare(
      "SELECT * FROM resources WHERE sandbox_id = ? AND vendor = ? AND kind = ? AND public_id = ?",
    );
    this.#ofAccount = connection.prepare(
      "SELECT * FROM resources WHERE account_id = ? AND vendor = ? AND kind = ? ORDER BY id",
    );
    this.#update = connection.prepare("UPDATE resources SET document = ? WHERE id = ?");
    this.#delete = connection.prepare("DELETE FROM resources WHERE id = ?");
  }

  insert(row: Omit<ResourceRow, "id">): ResourceRow {
    return { ...row, id: Number(this.#insert.run(row).lastInsertRowid) };
  }

  find(sandboxId: number, vendor: string, kind: string, publicId: string): ResourceRow | undefined {
    return this.#find.get(sandboxId, vendor, kind, publicId);
  }

  /** Lists the account's resources of one kind, oldest first. */
  ofAccount(accountId: number, vendor: string, kind: string): ResourceRow[] {
    return this.#ofAccount.all(accountId, vendor, kind);
  }

  update(id: number, document: string): void {
    this.#update.run(document, id);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }
}
