/**
 * Saves every row of a sandbox as data, and restores the rows in another database. Row numbers may already be in use
 * there, so rows get new numbers in the old order, which lists show.
 */
import type { Connection } from "./connection.ts";
import { isMisfit } from "./database.ts";

type Value = string | number | null | { readonly base64: string };

interface TableContent {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

export type BundledTables = Readonly<Record<string, TableContent>>;

/** Thrown when rows do not fit the tables of this version. */
export class BundleUnfit extends Error {}

/**
 * The tables of a sandbox, each after the tables that its rows refer to. `id` is the column that other rows refer to.
 */
const TABLES: readonly { readonly name: string; readonly id?: "id" }[] = [
  { name: "accounts", id: "id" },
  { name: "account_states" },
  { name: "keys" },
  { name: "counters" },
  { name: "generations", id: "id" },
  { name: "outputs" },
  { name: "resources", id: "id" },
  { name: "idempotency_keys" },
  { name: "upload_slots", id: "id" },
  { name: "uploads", id: "id" },
  { name: "upload_chunks" },
  { name: "scenarios" },
  { name: "rules", id: "id" },
  { name: "deliveries", id: "id" },
  { name: "delivery_attempts" },
];

/** The table that each column's numbers refer to. */
const REFERENCES: Readonly<Record<string, string>> = {
  account_id: "accounts",
  generation_row: "generations",
  upload_id: "uploads",
  delivery_id: "deliveries",
};

export const bundledTableNames: readonly string[] = TABLES.map(({ name }) => name);

export class BundleRepository {
  readonly #connection: Connection;
  readonly #onRestored: () => void;

  /** `onRestored` is called after rows were stored without their repositories. */
  constructor(connection: Connection, onRestored: () => void) {
    this.#connection = connection;
    this.#onRestored = onRestored;
  }

  /** Reads every row of a sandbox. */
  save(sandboxId: number): BundledTables {
    return Object.fromEntries(
      TABLES.map(({ name }) => {
        const columns = this.#columnsOf(name);
        const rows = this.#connection
          .prepare<[number], (string | number | null | Buffer)[]>(
            `SELECT ${columns.join(", ")} FROM ${name} WHERE ${conditionFor(columns)} ORDER BY 1`,
          )
          .raw()
          .all(sandboxId);
        return [name, { columns, rows: rows.map((row) => row.map(writeValue)) }];
      }),
    );
  }

  /** Stores rows in an empty sandbox. Call it inside a transaction. Throws {@link BundleUnfit}. */
  restore(sandboxId: number, tables: BundledTables): void {
    const numbers = new Map<string, Map<Value, number>>();
    for (const { name, id } of TABLES) {
      const { columns, rows } = tables[name] ?? { columns: [], rows: [] };
      const types = this.#typesOf(name);
      const unknown = columns.find((column) => !types.has(column));
      if (unknown !== undefined) throw new BundleUnfit(`Table ${name} has no column ${unknown}.`);
      if (rows.length === 0) continue;
      const kept = columns.filter((column) => column !== id);
      const insert = this.#connection.prepare<unknown[], unknown>(
        `INSERT INTO ${name} (${kept.join(", ")}) VALUES (${kept.map(() => "?").join(", ")})`,
      );
      const own = new Map<Value, number>();
      numbers.set(name, own);
      for (const [index, row] of rows.entries()) {
        if (row.length !== columns.length)
          throw new BundleUnfit(`Row ${index} of ${name} has ${row.length} values for ${columns.length} columns.`);
        for (const [at, value] of row.entries()) {
          const column = columns[at] ?? "";
          if (!isOfType(value, types.get(column), column))
            throw new BundleUnfit(
              `Row ${index} of ${name} has a ${column} that does not fit: ${JSON.stringify(value)}.`,
            );
        }
        const values = columns.flatMap((column, index) =>
          column === id ? [] : [valueFor(column, row[index] ?? null, sandboxId, numbers)],
        );
        const rowId = fitting(`Row ${index} of ${name}`, () => Number(insert.run(...values).lastInsertRowid));
        if (id !== undefined) own.set(row[columns.indexOf(id)] ?? null, rowId);
      }
    }
    this.#onRestored();
  }

  #columnsOf(table: string): string[] {
    return [...this.#typesOf(table).keys()];
  }

  /** Returns the columns of a table with their types, in their order. */
  #typesOf(table: string): ReadonlyMap<string, string> {
    const columns = this.#connection
      .prepare<[string], { name: string; type: string }>("SELECT name, type FROM pragma_table_info(?) ORDER BY cid")
      .all(table);
    return new Map(columns.map(({ name, type }) => [name, type]));
  }
}

function conditionFor(columns: readonly string[]): string {
  if (columns.includes("sandbox_id")) return "sandbox_id = ?";
  const reference = columns.find((column) => Object.hasOwn(REFERENCES, column));
  if (reference === undefined) throw new Error("A bundled table belongs to a sandbox.");
  return `${reference} IN (SELECT id FROM ${REFERENCES[reference] ?? ""} WHERE sandbox_id = ?)`;
}

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

function writeValue(value: string | number | null | Buffer): Value {
  return Buffer.isBuffer(value) ? { base64: value.toString("base64") } : value;
}

function valueFor(
  column: string,
  value: Value,
  sandboxId: number,
  numbers: ReadonlyMap<string, ReadonlyMap<Value, number>>,
): string | number | null | Buffer {
  if (column === "sandbox_id") return sandboxId;
  const table = REFERENCES[column];
  if (table !== undefined && value !== null) {
    const number = numbers.get(table)?.get(value);
    // The row may be missing: a delivery outlives its generation.
    return number ?? null;
  }
  return typeof value === "object" && value !== null ? Buffer.from(value.base64, "base64") : value;
}
