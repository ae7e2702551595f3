/**
 * Saves every row of a sandbox as data, and restores the rows in another database. Row numbers may already be in use
 * there, so rows get new numbers in the old order, which lists show.
 */
import { z } from "zod";
import type { Connection } from "./connection.ts";
import { isMisfit } from "./database.ts";
import type { TemplateRules } from "./rules.ts";

type Value = string | number | null | { readonly base64: string };

interface TableContent {
  readonly columns: readonly string[];
  /** The values of each row, which are checked when they are stored. */
  readonly rows: readonly (readonly unknown[])[];
}

export type BundledTables = Readonly<Record<string, TableContent>>;

/** So many rows are stored in one transaction; a slice of work has several. */
const ROWS_AT_ONCE = 32;

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
  { name: "rule_lists" },
  { name: "rule_uses" },
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

  /** Reads every row of a sandbox. The rules that it has of the template are saved as rows. */
  save(sandboxId: number, template: TemplateRules | undefined): BundledTables {
    const tables = Object.fromEntries(
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
    return withTemplateRules(tables, template);
  }

  /**
   * Stores all rows except keys in a prepared sandbox, some in each transaction, with pauses between. Throws {@link
   * BundleUnfit}.
   */
  *restore(sandboxId: number, tables: BundledTables): Generator<undefined, void> {
    refuseForeignKeys(tables);
    const numbers = new Map<string, Map<Value, number>>();
    for (const table of TABLES)
      if (table.name !== "keys") yield* this.#restoreTable(table, { sandboxId, numbers }, tables[table.name]);
    this.#onRestored();
  }

  /**
   * Stores the keys, which are unique in the file and therefore part of the transaction in which the sandbox is replaced.
   */
  restoreKeys(sandboxId: number, tables: BundledTables): void {
    for (const _pause of this.#restoreTable({ name: "keys" }, { sandboxId, numbers: new Map() }, tables.keys));
  }

  *#restoreTable(
    { name, id }: (typeof TABLES)[number],
    { sandboxId, numbers }: { sandboxId: number; numbers: Map<string, Map<Value, number>> },
    { columns, rows }: TableContent = { columns: [], rows: [] },
  ): Generator<undefined, void> {
    const types = this.#typesOf(name);
    const unknown = columns.find((column) => !types.has(column));
    if (unknown !== undefined) throw new BundleUnfit(`Table ${name} has no column ${unknown}.`);
    if (rows.length === 0) return;
    const kept = columns.filter((column) => column !== id);
    const insert = this.#connection.prepare<unknown[], unknown>(
      `INSERT ${name === "keys" ? "OR REPLACE " : ""}INTO ${name} (${kept.join(", ")}) VALUES (${kept.map(() => "?").join(", ")})`,
    );
    const own = new Map<Value, number>();
    numbers.set(name, own);
    const store = (row: readonly unknown[], index: number): void => {
      const checked = checkRow(row, `Row ${index} of ${name}`, columns, types);
      const values = columns.flatMap((column, at) =>
        column === id ? [] : [valueFor(column, checked[at] ?? null, sandboxId, numbers)],
      );
      const rowId = fitting(`Row ${index} of ${name}`, () => Number(insert.run(...values).lastInsertRowid));
      if (id !== undefined) own.set(checked[columns.indexOf(id)] ?? null, rowId);
    };
    for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
      this.#connection.transaction(() => {
        for (const [offset, row] of rows.slice(first, first + ROWS_AT_ONCE).entries()) store(row, first + offset);
      });
      yield;
    }
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

/** Throws {@link BundleUnfit} for a key of an account that the bundle does not have. */
function refuseForeignKeys({ keys, accounts }: BundledTables): void {
  const valuesIn = ({ columns, rows }: TableContent, column: string): readonly unknown[] =>
    rows.map((row) => row[columns.indexOf(column)]);
  if (keys === undefined) return;
  const names = new Set(accounts === undefined ? [] : valuesIn(accounts, "name"));
  const owners = valuesIn(keys, "account_name");
  const index = owners.findIndex((owner) => !names.has(owner));
  if (index >= 0)
    throw new BundleUnfit(
      `Row ${index} of keys does not fit: its account ${JSON.stringify(owners[index])} is not one of this sandbox.`,
    );
}

function conditionFor(columns: readonly string[]): string {
  if (columns.includes("sandbox_id")) return "sandbox_id = ?";
  const reference = columns.find((column) => Object.hasOwn(REFERENCES, column));
  if (reference === undefined) throw new Error("A bundled table belongs to a sandbox.");
  return `${reference} IN (SELECT id FROM ${REFERENCES[reference] ?? ""} WHERE sandbox_id = ?)`;
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

/**
 * Returns the tables with the rules that a sandbox has of the template as rows of its own, because the server that
 * restores them may have another template.
 */
function withTemplateRules(tables: BundledTables, template: TemplateRules | undefined): BundledTables {
  const { rules, rule_lists: lists, rule_uses: uses } = tables;
  if (rules === undefined || lists === undefined || uses === undefined) return tables;
  const origin = lists.columns.indexOf("origin");
  const number = uses.columns.indexOf("number");
  const own = (template?.rules ?? []).map(({ number: ruleNumber, publicId, document, hits, matches }) => {
    // No row refers to a rule, so any number that no other rule has will do.
    const row = new Map<string, string | number>(
      Object.entries({ id: -ruleNumber, public_id: publicId, document, hits, matches }),
    );
    return rules.columns.map((column) => row.get(column) ?? null);
  });
  const isOfTemplate = (value: unknown): boolean =>
    template !== undefined && typeof value === "number" && value >= template.first && value <= template.last;
  return {
    ...tables,
    rules: { ...rules, rows: [...rules.rows, ...own] },
    rule_lists: { ...lists, rows: lists.rows.filter((row) => row[origin] === "document") },
    rule_uses: { ...uses, rows: uses.rows.filter((row) => !isOfTemplate(row[number])) },
  };
}
