/**
 * Stores rules and how often they matched and applied. The rules of a sandbox's document and of the template are lists:
 * they are in these documents, so a list is replaced by writing one row.
 */
import type { Connection, Statement } from "./connection.ts";
import type { SavedRows, Snapshot } from "./snapshots.ts";

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

/**
 * Everything stored of a sandbox at one instant. The rules that it has of the template are saved as rows of its own,
 * because the server that restores them may have another template.
 */
export class SavedSandbox {
  readonly #snapshot: Snapshot;
  readonly #template: TemplateRules | undefined;

  constructor(snapshot: Snapshot, template: TemplateRules | undefined) {
    this.#snapshot = snapshot;
    this.#template = template;
  }

  /** The names of the tables in the order in which they are read, with their columns. */
  get tables(): Snapshot["tables"] {
    return this.#snapshot.tables;
  }

  /** Reads all rows, table after table, in pieces. Throws `MemoryExhausted` if too much was changed meanwhile. */
  *read(): Generator<SavedRows, void> {
    const order = this.tables.map(({ table }) => table);
    let isPending = this.#template !== undefined;
    for (const piece of this.#snapshot.read()) {
      if (isPending && order.indexOf(piece.table) > order.indexOf("rules")) {
        isPending = false;
        yield this.#rulesOfTemplate();
      }
      yield this.#withoutLists(piece);
    }
    if (isPending) yield this.#rulesOfTemplate();
  }

  /** Ends the snapshot; changes of the sandbox are no longer noted. */
  end(): void {
    this.#snapshot.end();
  }

  #columnsOf(name: string): readonly string[] {
    return this.tables.find(({ table }) => table === name)?.columns ?? [];
  }

  #rulesOfTemplate(): SavedRows {
    const columns = this.#columnsOf("rules");
    const rows = (this.#template?.rules ?? []).map(({ number, publicId, document, hits, matches }) => {
      // No row refers to a rule, so any number that no other rule has will do.
      const row = new Map<string, string | number>(
        Object.entries({ id: -number, public_id: publicId, document, hits, matches }),
      );
      return columns.map((column) => row.get(column) ?? null);
    });
    return { table: "rules", rows };
  }

  /** Leaves out that the sandbox has the template's list, and the uses of its rules. */
  #withoutLists({ table, rows }: SavedRows): SavedRows {
    const template = this.#template;
    if (table === "rule_lists") {
      const origin = this.#columnsOf(table).indexOf("origin");
      return { table, rows: rows.filter((row) => row[origin] === "document") };
    }
    if (table !== "rule_uses" || template === undefined) return { table, rows };
    const at = this.#columnsOf(table).indexOf("number");
    const isOfTemplate = (number: unknown): boolean =>
      Number(number) >= template.first && Number(number) <= template.last;
    return { table, rows: rows.filter((row) => !isOfTemplate(row[at])) };
  }
}
