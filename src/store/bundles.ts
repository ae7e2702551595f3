/**
 * Restores the rows of a bundle in another database, as they arrive. Row numbers may already be in use there, so rows
 * get new numbers in the old order, which lists show.
 */
import { z } from "zod";
import type { Connection, Statement } from "./connection.ts";
import { isMisfit } from "./database.ts";

type Value = string | number | null | { readonly base64: string };

interface TableContent {
  readonly columns: readonly string[];
  /** The values of each row, which are checked when they are stored. */
  readonly rows: readonly (readonly unknown[])[];
}

/** So much is stored in one transaction; a slice of work has several. */
const ROWS_AT_ONCE = 32;
const BYTES_AT_ONCE = 512 * 1024;

/** The most bytes of rows that wait for the tables on which they depend. */
const MOST_WAITING_BYTES = 32 * 1024 ** 2;

/** Thrown when rows do not fit the tables of this version. */
export class BundleUnfit extends Error {}

/** A table of a sandbox. */
export interface BundledTable {
  readonly name: string;
  /** Whether other rows may refer to its rows, by the column `id`. */
  readonly id: boolean;
  /** The columns that name a row within its sandbox. The first one is its own id or that of its parent, if it has one. */
  readonly key: readonly string[];
  /** The table on whose rows its own depend, if it has no `sandbox_id`, or if a row is found by its parent. */
  readonly parent?: string;
}

const table = (name: string, key: readonly string[] = ["id"], parent?: string): BundledTable => ({
  name,
  key,
  id: key[0] === "id",
  ...(parent !== undefined && { parent }),
});

/** The tables of a sandbox, each after the tables that its rows refer to. */
export const bundledTables: readonly BundledTable[] = [
  table("accounts"),
  table("account_states", ["account_id", "vendor"], "accounts"),
  table("keys", ["hash"]),
  table("counters", ["account_id", "vendor", "kind"], "accounts"),
  table("generations"),
  table("outputs", ["generation_row", "vendor", "public_id"], "generations"),
  table("resources"),
  table("idempotency_keys", ["account_id", "vendor", "operation", "key"], "accounts"),
  table("upload_slots"),
  table("uploads"),
  table("upload_chunks", ["upload_id", "position"], "uploads"),
  table("scenarios", ["name"]),
  table("rules"),
  table("rule_lists", ["origin"]),
  table("rule_uses", ["number"]),
  table("deliveries"),
  table("delivery_attempts", ["delivery_id", "number"], "deliveries"),
];

/** The table that each column's numbers refer to. */
const REFERENCES: Readonly<Record<string, string>> = {
  account_id: "accounts",
  generation_row: "generations",
  upload_id: "uploads",
  delivery_id: "deliveries",
};

/** The columns whose documents the engine keeps decoded, by table. */
const KEPT_DECODED: ReadonlySet<string> = new Set(["rules", "scenarios"]);

export const bundledTableNames: readonly string[] = bundledTables.map(({ name }) => name);

export class BundleRepository {
  readonly #connection: Connection;
  readonly #onRestored: () => void;

  /** `onRestored` is called after rows were stored without their repositories. */
  constructor(connection: Connection, onRestored: () => void) {
    this.#connection = connection;
    this.#onRestored = onRestored;
  }

  /** Begins to store rows in a prepared sandbox. */
  restore(sandboxId: number): RestoredRows {
    return new RestoredRows(this.#connection, sandboxId, this.#onRestored);
  }
}

/** A table that is being restored. */
interface Restoring {
  readonly table: BundledTable;
  readonly columns: readonly string[];
  readonly types: ReadonlyMap<string, string>;
  readonly insert: Statement<unknown[], unknown>;
  /** New row ids by old ones. */
  readonly numbers: Map<Value, number>;
  /** The number of rows that were added or wait. */
  count: number;
  /** Rows of the next transaction. */
  batch: Value[][];
  batchBytes: number;
  /** Rows that wait until the tables on which they depend are complete. */
  readonly waiting: Value[][];
}

/**
 * The rows of a sandbox that is being restored. A row whose references are complete is stored with its neighbours; one
 * that comes before them waits in memory. Every method throws {@link BundleUnfit}.
 */
export class RestoredRows {
  readonly #connection: Connection;
  readonly #sandboxId: number;
  readonly #onRestored: () => void;
  readonly #tables = new Map<string, Restoring>();
  #current: Restoring | undefined;
  readonly #accountNames = new Set<unknown>();
  #waitingBytes = 0;

  constructor(connection: Connection, sandboxId: number, onRestored: () => void) {
    this.#connection = connection;
    this.#sandboxId = sandboxId;
    this.#onRestored = onRestored;
  }

  /** The registered keys, which {@link storeKeys} stores. */
  get keys(): TableContent {
    const { columns, waiting } = this.#tables.get("keys") ?? { columns: [], waiting: [] };
    return { columns, rows: waiting };
  }

  /** Begins a table; its rows follow. */
  begin(name: string, columns: readonly string[]): void {
    const found = bundledTables.find((each) => each.name === name);
    if (found === undefined) throw new BundleUnfit(`There is no table ${name}.`);
    if (this.#tables.has(name)) throw new BundleUnfit(`Table ${name} is there twice.`);
    this.#flush();
    const types = typesOf(this.#connection, name);
    const unknown = columns.find((column) => !types.has(column));
    if (unknown !== undefined) throw new BundleUnfit(`Table ${name} has no column ${unknown}.`);
    const kept = columns.filter((column) => !found.id || column !== "id");
    const names = kept.length === 0 ? "" : ` (${kept.join(", ")})`;
    const insert = this.#connection.prepare<unknown[], unknown>(
      `INSERT ${name === "keys" ? "OR REPLACE " : ""}INTO ${name}${names} ${kept.length === 0 ? "DEFAULT VALUES" : `VALUES (${kept.map(() => "?").join(", ")})`}`,
    );
    this.#current = {
      table: found,
      columns,
      types,
      insert,
      numbers: new Map(),
      count: 0,
      batch: [],
      batchBytes: 0,
      waiting: [],
    };
    this.#tables.set(name, this.#current);
  }

  /** Adds a row of the table that was begun last. */
  add(row: readonly unknown[]): void {
    const current = this.#current;
    if (current === undefined) throw new BundleUnfit("A row belongs to no table.");
    const { table: own, columns, types } = current;
    const checked = checkRow(row, `Row ${current.count} of ${own.name}`, columns, types);
    current.count += 1;
    if (own.name === "accounts") this.#accountNames.add(checked[columns.indexOf("name")]);
    const bytes = bytesOf(checked);
    if (own.name === "keys" || !this.#isAllThere(current)) {
      this.#waitingBytes += bytes;
      if (this.#waitingBytes > MOST_WAITING_BYTES)
        throw new BundleUnfit(
          `Too many rows of ${own.name} come before the tables on which they depend. Send the tables in the order in which they were saved.`,
        );
      current.waiting.push(checked);
      return;
    }
    current.batch.push(checked);
    current.batchBytes += bytes;
    if (current.batch.length >= ROWS_AT_ONCE || current.batchBytes >= BYTES_AT_ONCE) this.#flush();
  }

  /** Stores the rows that had to wait, except keys, with pauses. */
  *complete(): Generator<undefined, void> {
    this.#flush();
    this.#current = undefined;
    refuseForeignKeys(this.keys, this.#accountNames);
    for (const { name } of bundledTables) {
      const state = this.#tables.get(name);
      if (state === undefined || name === "keys") continue;
      const { waiting } = state;
      for (let first = 0; first < waiting.length; first += ROWS_AT_ONCE) {
        this.#store(state, waiting.slice(first, first + ROWS_AT_ONCE), first);
        yield;
      }
    }
    this.#onRestored();
  }

  /**
   * Stores the keys, which are unique in the file and therefore part of the transaction in which the sandbox is replaced.
   */
  storeKeys(): void {
    const state = this.#tables.get("keys");
    if (state !== undefined) this.#store(state, state.waiting, 0);
  }

  /** Returns whether the tables to which a table's rows refer have ended. */
  #isAllThere({ columns }: Restoring): boolean {
    return columns.every((column) => {
      const referred = REFERENCES[column];
      if (referred === undefined) return true;
      const state = this.#tables.get(referred);
      return state !== undefined && state.waiting.length === 0;
    });
  }

  #flush(): void {
    const current = this.#current;
    if (current === undefined || current.batch.length === 0) return;
    const { batch, count } = current;
    current.batch = [];
    current.batchBytes = 0;
    this.#store(current, batch, count - batch.length);
  }

  #store({ table: own, columns, insert, numbers }: Restoring, rows: readonly Value[][], first: number): void {
    const { name } = own;
    const bytes = rows.reduce((sum, row) => sum + bytesOf(row), 0);
    if (KEPT_DECODED.has(name)) this.#connection.admitDocument(bytes, "a bundle");
    else this.#connection.admit(bytes, "a bundle");
    const idAt = own.id ? columns.indexOf("id") : -1;
    this.#connection.transaction(() => {
      for (const [offset, row] of rows.entries()) {
        const values = columns.flatMap((column, at) => (at === idAt ? [] : [this.#valueFor(column, row[at] ?? null)]));
        const what = `Row ${first + offset} of ${name}`;
        const rowId = fitting(what, () => Number(insert.run(...values).lastInsertRowid));
        if (own.id) numbers.set(row[idAt] ?? null, rowId);
      }
    });
  }

  #valueFor(column: string, value: Value): string | number | null | Buffer {
    if (column === "sandbox_id") return this.#sandboxId;
    const referred = REFERENCES[column];
    // The row may be missing: a delivery outlives its generation.
    if (referred !== undefined && value !== null) return this.#tables.get(referred)?.numbers.get(value) ?? null;
    return typeof value === "object" && value !== null ? Buffer.from(value.base64, "base64") : value;
  }
}

/** Returns the columns of a table with their types, in their order. */
function typesOf(connection: Connection, name: string): ReadonlyMap<string, string> {
  const columns = connection
    .prepare<[string], { name: string; type: string }>("SELECT name, type FROM pragma_table_info(?) ORDER BY cid")
    .all(name);
  return new Map(columns.map((column) => [column.name, column.type]));
}

function bytesOf(row: readonly Value[]): number {
  let bytes = 0;
  for (const value of row)
    if (typeof value === "string") bytes += value.length;
    else bytes += typeof value === "object" && value !== null ? value.base64.length * 0.75 : 8;
  return bytes;
}

/** Throws {@link BundleUnfit} for a key of an account that the bundle does not have. */
function refuseForeignKeys(keys: TableContent, names: ReadonlySet<unknown>): void {
  const owner = keys.columns.indexOf("account_name");
  const index = keys.rows.findIndex((row) => !names.has(row[owner]));
  if (index >= 0)
    throw new BundleUnfit(
      `Row ${index} of keys does not fit: its account ${JSON.stringify(keys.rows[index]?.[owner])} is not one of this sandbox.`,
    );
}

/** Returns the values of a row. Throws {@link BundleUnfit} for values that are not what their columns hold. */
function checkRow(
  row: readonly unknown[],
  what: string,
  columns: readonly string[],
  types: ReadonlyMap<string, string>,
): Value[] {
  if (row.length !== columns.length)
    throw new BundleUnfit(`${what} has ${row.length} values for ${columns.length} columns.`);
  return row.map((value, at) => {
    const column = columns[at] ?? "";
    if (isValue(value) && isOfType(value, types.get(column), column)) return value;
    throw new BundleUnfit(`${what} has a ${column} that does not fit: ${JSON.stringify(value)}.`);
  });
}

function isValue(value: unknown): value is Value {
  if (value === null || typeof value === "string" || typeof value === "number") return true;
  return blob.safeParse(value).success;
}

const blob = z.strictObject({ base64: z.base64() });

/** The texts that may be empty; every other text names something. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(["label", "document", "content_type"]);

/** Whether a value is what its column holds: SQLite would turn a number into text, and take an empty name. */
function isOfType(value: Value, type: string | undefined, column: string): boolean {
  if (value === null) return true;
  switch (type) {
    case "INTEGER":
      return Number.isSafeInteger(value);
    case "TEXT":
      return typeof value === "string" && (value !== "" || MAY_BE_EMPTY.has(column));
    case "BLOB":
      return typeof value === "object";
    default:
      return false;
  }
}

/** Runs a statement. Throws {@link BundleUnfit} when the database refuses its values. */
function fitting<Result>(what: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof Error && isMisfit(error)) throw new BundleUnfit(`${what} does not fit: ${error.message}.`);
    throw error;
  }
}
