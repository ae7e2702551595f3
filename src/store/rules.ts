/**
 * Stores rules and how often they matched and applied. The rules of a sandbox's document and of the template are lists:
 * they are in these documents, so a list is replaced by writing one row.
 */
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

export interface StoredRuleList {
  readonly origin: "document" | "fixtures";
  /** The lowest number of its rules. */
  readonly first: number;
  /** The number of its rules. */
  readonly size: number;
  /** The length of its rules as JSON. */
  readonly length: number;
  readonly sha256: string;
}

export interface StoredUse {
  readonly number: number;
  readonly hits: number;
  readonly matches: number;
  /** 1 for a rule that was deleted from the sandbox alone. */
  readonly isDeleted: number;
}

/** Reads and writes `rule_lists` and `rule_uses`. */
export class RuleListRepository {
  readonly #connection: Connection;
  readonly #ofSandbox: Statement<[number], StoredRuleList>;
  readonly #save: Statement<[StoredRuleList & { readonly sandboxId: number }], unknown>;
  readonly #delete: Statement<[number, string], unknown>;
  readonly #uses: Statement<[number, number, number], StoredUse>;
  readonly #saveUse: Statement<[StoredUse & { readonly sandboxId: number }], unknown>;
  readonly #deleteUses: Statement<[number, number, number], unknown>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#ofSandbox = connection.prepare(
      "SELECT origin, first, size, length, sha256 FROM rule_lists WHERE sandbox_id = ?",
    );
    this.#save = connection.prepare(
      `INSERT OR REPLACE INTO rule_lists (sandbox_id, origin, first, size, length, sha256)
       VALUES (@sandboxId, @origin, @first, @size, @length, @sha256)`,
    );
    this.#delete = connection.prepare("DELETE FROM rule_lists WHERE sandbox_id = ? AND origin = ?");
    this.#uses = connection.prepare(
      `SELECT number, hits, matches, is_deleted AS isDeleted FROM rule_uses
       WHERE sandbox_id = ? AND number BETWEEN ? AND ?`,
    );
    this.#saveUse = connection.prepare(
      `INSERT OR REPLACE INTO rule_uses (sandbox_id, number, hits, matches, is_deleted)
       VALUES (@sandboxId, @number, @hits, @matches, @isDeleted)`,
    );
    this.#deleteUses = connection.prepare("DELETE FROM rule_uses WHERE sandbox_id = ? AND number BETWEEN ? AND ?");
  }

  ofSandbox(sandboxId: number): StoredRuleList[] {
    return this.#ofSandbox.all(sandboxId);
  }

  /** Stores a list in the place of the sandbox's list of the same origin. The template's list is kept only once. */
  save(sandboxId: number, list: StoredRuleList): void {
    if (list.origin === "document") this.#connection.admitDocument(list.length, "rules");
    this.#save.run({ sandboxId, ...list });
  }

  /** Deletes a list, with the uses of its rules. */
  delete(sandboxId: number, { origin, first, size }: StoredRuleList): void {
    this.#deleteUses.run(sandboxId, first, first + size - 1);
    this.#delete.run(sandboxId, origin);
  }

  /** Returns the uses of the rules with these numbers. */
  uses(sandboxId: number, first: number, last: number): StoredUse[] {
    return this.#uses.all(sandboxId, first, last);
  }

  saveUse(sandboxId: number, use: StoredUse): void {
    this.#saveUse.run({ sandboxId, ...use });
  }
}

/** The rules of the template in a sandbox, and their numbers. */
export interface TemplateRules {
  readonly first: number;
  readonly last: number;
  readonly rules: readonly {
    readonly number: number;
    readonly publicId: string;
    readonly document: string;
    readonly hits: number;
    readonly matches: number;
  }[];
}
