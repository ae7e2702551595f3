/** Stores rules and how often they matched and applied. */
import type { Connection, Statement } from "./connection.ts";

export interface StoredRule {
  readonly id: number;
  readonly publicId: string;
  /** A JSON text of the engine. */
  readonly document: string;
  readonly hits: number;
  readonly matches: number;
}

export type NewRule = Pick<StoredRule, "publicId" | "document"> & { readonly sandboxId: number };

/** Reads and writes `rules`. */
export class RuleRepository {
  readonly #connection: Connection;
  readonly #insert: Statement<[NewRule], unknown>;
  readonly #bySandbox: Statement<[number], StoredRule>;
  readonly #saveUse: Statement<[number, number, number], unknown>;
  readonly #delete: Statement<[number], unknown>;
  readonly #lastNumber: Statement<[number], { lastNumber: number }>;
  readonly #saveLastNumber: Statement<[number, number], unknown>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#insert = connection.prepare(
      "INSERT INTO rules (sandbox_id, public_id, document) VALUES (@sandboxId, @publicId, @document)",
    );
    this.#bySandbox = connection.prepare(
      "SELECT id, public_id AS publicId, document, hits, matches FROM rules WHERE sandbox_id = ? ORDER BY id",
    );
    this.#saveUse = connection.prepare("UPDATE rules SET hits = ?, matches = ? WHERE id = ?");
    this.#delete = connection.prepare("DELETE FROM rules WHERE id = ?");
    this.#lastNumber = connection.prepare("SELECT last_rule AS lastNumber FROM sandboxes WHERE id = ?");
    this.#saveLastNumber = connection.prepare("UPDATE sandboxes SET last_rule = ? WHERE id = ?");
  }

  /** Stores a rule; returns the new row's id. */
  insert(rule: NewRule): number {
    this.#connection.admitDocument(rule.document.length, "a rule");
    return Number(this.#insert.run(rule).lastInsertRowid);
  }

  /** Returns the highest number that a rule of the sandbox ever had since its reset, deleted rules included. */
  lastNumber(sandboxId: number): number {
    return this.#lastNumber.get(sandboxId)?.lastNumber ?? 0;
  }

  saveLastNumber(sandboxId: number, number: number): void {
    this.#saveLastNumber.run(number, sandboxId);
  }

  inSandbox(sandboxId: number): StoredRule[] {
    return this.#bySandbox.all(sandboxId);
  }

  saveUse(id: number, hits: number, matches: number): void {
    this.#saveUse.run(hits, matches, id);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }
}
