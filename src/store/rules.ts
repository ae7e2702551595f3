/** Stores rules and how often they matched and applied. */
import type { Connection, Statement } from "./connection.ts";

export interface RuleRow {
  readonly id: number;
  readonly sandbox_id: number;
  readonly public_id: string;
  /** JSON of the engine. */
  readonly document: string;
  readonly hits: number;
  readonly matches: number;
}

/** Reads and writes `rules`. */
export class RuleRepository {
  readonly #insert: Statement<[Pick<RuleRow, "sandbox_id" | "public_id" | "document">], unknown>;
  readonly #bySandbox: Statement<[number], RuleRow>;
  readonly #saveUse: Statement<[number, number, number], unknown>;
  readonly #delete: Statement<[number], unknown>;

  constructor(connection: Connection) {
    this.#insert = connection.prepare(
      "INSERT INTO rules (sandbox_id, public_id, document) VALUES (@sandbox_id, @public_id, @document)",
    );
    this.#bySandbox = connection.prepare("SELECT * FROM rules WHERE sandbox_id = ? ORDER BY id");
    this.#saveUse = connection.prepare("UPDATE rules SET hits = ?, matches = ? WHERE id = ?");
    this.#delete = connection.prepare("DELETE FROM rules WHERE id = ?");
  }

  /** Stores a rule; answers the new row's id. */
  insert(row: Pick<RuleRow, "sandbox_id" | "public_id" | "document">): number {
    return Number(this.#insert.run(row).lastInsertRowid);
  }

  inSandbox(sandboxId: number): RuleRow[] {
    return this.#bySandbox.all(sandboxId);
  }

  saveUse(id: number, hits: number, matches: number): void {
    this.#saveUse.run(hits, matches, id);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }
}
