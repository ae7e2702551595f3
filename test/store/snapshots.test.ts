/** Tests that a snapshot shows all rows of a sandbox as they were when it began, whatever changes while it is read. */
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { MemoryBudget, MemoryExhausted } from "../../src/platform/memory-budget.ts";
import { bundledTables, type BundledTable } from "../../src/store/bundles.ts";
import type { Connection } from "../../src/store/connection.ts";
import { openDatabase } from "../../src/store/database.ts";
import { Snapshots, type Snapshot } from "../../src/store/snapshots.ts";

const MINE = 1;
const OTHER = 2;
const PARENT_OF: Readonly<Record<string, string>> = {
  account_id: "accounts",
  generation_row: "generations",
  upload_id: "uploads",
  delivery_id: "deliveries",
};

const open: Connection[] = [];
afterEach(() => {
  for (const connection of open.splice(0)) connection.close();
});

/** A database with two sandboxes, whose rows are made without their repositories. */
class Rows {
  readonly connection: Connection;
  #made = 0;

  constructor(budget?: MemoryBudget) {
    this.connection = openDatabase(undefined, undefined, budget);
    open.push(this.connection);
    for (const id of [MINE, OTHER])
      this.connection
        .prepare("INSERT INTO sandboxes (id, name, document, clock) VALUES (?, ?, '{}', '{}')")
        .run(id, `s${id}`);
    for (let round = 0; round < 6; round += 1)
      for (const table of bundledTables) for (const sandbox of [MINE, OTHER]) this.insert(table, sandbox);
  }

  get #columns(): (table: string) => readonly { readonly name: string; readonly type: string }[] {
    return (table) =>
      this.connection
        .prepare<[string], { name: string; type: string }>("SELECT name, type FROM pragma_table_info(?) ORDER BY cid")
        .all(table);
  }

  #owned(table: BundledTable, sandbox: number): { readonly key: string }[] {
    const owner =
      table.parent === undefined
        ? "sandbox_id"
        : `(SELECT sandbox_id FROM ${table.parent} p WHERE p.id = ${table.key[0] ?? ""})`;
    const key = table.key.map((column) => `quote(${column})`).join(" || ', ' || ");
    return this.connection
      .prepare<[number], { key: string }>(`SELECT ${key} AS key FROM ${table.name} WHERE ${owner} = ? ORDER BY 1`)
      .all(sandbox);
  }

  #pick(table: BundledTable, sandbox: number, choice: number): string | undefined {
    const keys = this.#owned(table, sandbox);
    return keys[choice % Math.max(1, keys.length)]?.key;
  }

  /** Inserts a row, or replaces the one with its key; does nothing without a row on which it can depend. */
  insert(table: BundledTable, sandbox: number, key?: string): void {
    this.#made += 1;
    const columns = this.#columns(table.name).filter(({ name }) => name !== "id");
    const fixed = key?.split(", ") ?? [];
    const values = columns.map(({ name, type }) => {
      const parent = PARENT_OF[name];
      const at = table.key.indexOf(name);
      if (at >= 0 && fixed[at] !== undefined) return fixed[at];
      if (name === "origin") return this.#made % 2 === 0 ? "'document'" : "'fixtures'";
      if (name === "sandbox_id") return String(sandbox);
      if (parent !== undefined) {
        const referred = bundledTables.find((each) => each.name === parent);
        return referred === undefined ? undefined : this.#pick(referred, sandbox, this.#made);
      }
      if (type === "INTEGER") return String(this.#made);
      return type === "BLOB" ? `zeroblob(${this.#made % 100})` : `'${name}-${this.#made}'`;
    });
    if (values.includes(undefined)) return;
    const names = columns.map(({ name }) => name).join(", ");
    this.connection.exec(`INSERT OR REPLACE INTO ${table.name} (${names}) VALUES (${values.join(", ")})`);
  }

  change({ kind, at, sandbox, choice }: Change): void {
    const table = bundledTables[at % bundledTables.length];
    if (table === undefined) return;
    const key = this.#pick(table, sandbox, choice);
    if (kind === "insert" || key === undefined) this.insert(table, sandbox);
    else if (kind === "replace") this.insert(table, sandbox, table.id ? undefined : key);
    else {
      const where = `WHERE (${table.key.join(", ")}) = (${key})`;
      const own = table.id ? "" : table.parent === undefined ? ` AND sandbox_id = ${sandbox}` : "";
      this.#made += 1;
      const column = this.#columns(table.name).findLast(
        ({ type, name }) => type === "TEXT" && !table.key.includes(name),
      );
      if (kind === "delete") this.connection.exec(`DELETE FROM ${table.name} ${where}${own}`);
      else if (column !== undefined)
        this.connection.exec(`UPDATE ${table.name} SET ${column.name} = 'changed-${this.#made}' ${where}${own}`);
    }
  }
}

interface Change {
  readonly kind: "insert" | "update" | "delete" | "replace";
  readonly at: number;
  readonly sandbox: number;
  readonly choice: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom("insert", "update", "delete", "replace"),
  at: fc.nat(100),
  sandbox: fc.constantFrom(MINE, MINE, MINE, OTHER),
  choice: fc.nat(100),
});

/** Reads a snapshot to its end; `between` runs after each piece. */
function readAll(snapshot: Snapshot, between: () => void = () => undefined): Record<string, unknown[]> {
  const found: Record<string, unknown[]> = {};
  for (const { table, rows } of snapshot.read()) {
    (found[table] ??= []).push(...rows);
    between();
  }
  snapshot.end();
  return found;
}

describe("a snapshot of a sandbox", () => {
  it("shows what was stored when it began, whatever is inserted, changed, replaced and deleted while it is read", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 120 }), fc.nat(20), (changes, before) => {
        const rows = new Rows();
        const snapshots = new Snapshots(rows.connection);
        const expected = readAll(snapshots.begin(MINE, () => undefined));
        const snapshot = snapshots.begin(MINE, () => undefined);
        const left = [...changes];
        for (const each of left.splice(0, before)) rows.change(each);
        const found = readAll(snapshot, () => {
          for (const each of left.splice(0, 3)) rows.change(each);
        });
        expect(found).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("shows the rows of a sandbox whose row and all that depends on it are deleted while it is read", () => {
    const rows = new Rows();
    const snapshots = new Snapshots(rows.connection);
    const expected = readAll(snapshots.begin(MINE, () => undefined));
    const snapshot = snapshots.begin(MINE, () => undefined);
    let isDeleted = false;
    const found = readAll(snapshot, () => {
      if (!isDeleted) rows.connection.exec(`DELETE FROM sandboxes WHERE id = ${MINE}`);
      isDeleted = true;
    });
    expect(found).toEqual(expected);
    expect(Object.keys(expected)).toHaveLength(bundledTables.length);
  });

  it("keeps nothing in memory once it has ended, and is told when it may keep no more", () => {
    const budget = new MemoryBudget(64 * 1024 ** 2);
    const rows = new Rows(budget);
    const snapshots = new Snapshots(rows.connection);
    rows.connection.exec(`UPDATE rules SET document = printf('%.*c', 3000000, 'x')`);
    const snapshot = snapshots.begin(MINE, () => undefined);
    rows.connection.exec("UPDATE rules SET document = 'y'");
    expect(() => readAll(snapshot)).toThrow(MemoryExhausted);
    snapshot.end();
    expect(budget.usedBy("snapshots")).toBe(0);
    const triggers = rows.connection.prepare("SELECT name FROM temp.sqlite_schema").all();
    expect(triggers).toEqual([]);
  });
});
