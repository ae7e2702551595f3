/**
 * Reads all rows of a sandbox as they are at one instant, some at a time, while the sandbox changes. SQLite's own
 * snapshot would need a second connection, which neither memory nor a locked file allows. So temporary triggers pass
 * each row of the sandbox to the snapshot before it changes for the first time; the snapshot shows the kept row. A row
 * that was read already is not kept.
 */
import type { MemoryBudget } from "../platform/memory-budget.ts";
import { bundledTables, type BundledTable } from "./bundles.ts";
import type { Connection, Statement } from "./connection.ts";

type Stored = string | number | null | Buffer;
type Row = readonly Stored[];

/** Some rows of a table, in the order of their keys. */
export interface SavedRows {
  readonly table: string;
  readonly rows: readonly Row[];
}

/** So much is read at once. */
const ROWS_AT_ONCE = 64;
const BYTES_AT_ONCE = 256 * 1024;

/** So many rows of the file are skipped at once to find those of the sandbox. */
const SEARCHED_AT_ONCE = 512;

/** What it takes to keep a row, besides its values. */
const KEPT_BYTES = 200;

/** How far a table was read: nowhere, through a key, through all keys that begin with a number, or to its end. */
type Position = "start" | { readonly key: Row } | { readonly through: number } | "end";

interface TableState {
  readonly table: BundledTable;
  readonly columns: readonly string[];
  /** The places of the key's columns. */
  readonly keyAt: readonly number[];
  /** The highest row id of the table or its parent at the beginning; keys above it are newer. */
  readonly last: number | undefined;
  position: Position;
  /** By key: the rows as they were before they changed; undefined if there was none. */
  readonly former: Map<string, { readonly key: Row; readonly row: Row | undefined }>;
  /** The ids of rows that were deleted, whose dependent rows are deleted after them. */
  readonly deleted: Set<number>;
}

/** The statements that read a range of a table from its beginning, and after a key. */
interface RangeStatements {
  readonly first: Statement<unknown[], Stored[]>;
  readonly next: Statement<unknown[], Stored[]>;
}

/** The function that triggers call; see {@link Snapshots}. */
const NOTE = "fauxgen_note_change";

/** The snapshots that are being read. */
export class Snapshots {
  readonly #connection: Connection;
  readonly #open = new Map<number, Snapshot>();
  #count = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.defineFunction(NOTE, (number, ...change) => {
      this.#open.get(Number(number))?.note(change);
      return null;
    });
  }

  /** Begins a snapshot of a sandbox as it is now; `onEnd` is called once it is no longer read. */
  begin(sandboxId: number, onEnd: () => void): Snapshot {
    this.#count += 1;
    const number = this.#count;
    const snapshot = new Snapshot(this.#connection, { number, sandboxId }, () => {
      this.#open.delete(number);
      onEnd();
    });
    this.#open.set(number, snapshot);
    return snapshot;
  }

  /** Returns whether the rows of a sandbox are being read, whatever its name is by now. */
  has(sandboxId: number): boolean {
    return [...this.#open.values()].some((snapshot) => snapshot.sandboxId === sandboxId);
  }
}

export class Snapshot {
  readonly sandboxId: number;
  readonly #connection: Connection;
  readonly #budget: MemoryBudget | undefined;
  readonly #tables: readonly TableState[];
  readonly #triggers: readonly string[];
  readonly #onEnd: () => void;
  #isTooMuch = false;
  #isOver = false;

  constructor(
    connection: Connection,
    { number, sandboxId }: { readonly number: number; readonly sandboxId: number },
    onEnd: () => void,
  ) {
    this.#connection = connection;
    this.sandboxId = sandboxId;
    this.#budget = connection.budget;
    this.#onEnd = onEnd;
    this.#tables = bundledTables.map((table) => stateOf(connection, table));
    const triggers = this.#tables.flatMap((state, index) => triggersOf(state, `${number}, ${index}`, sandboxId));
    this.#triggers = triggers.map((_, index) => `fauxgen_snapshot_${number}_${index}`);
    connection.exec(
      triggers.map((trigger, index) => `CREATE TEMP TRIGGER ${this.#triggers[index] ?? ""} ${trigger};`).join("\n"),
    );
  }

  /** The names of the tables in the order in which they are read, with their columns. */
  get tables(): readonly { readonly table: string; readonly columns: readonly string[] }[] {
    return this.#tables.map(({ table, columns }) => ({ table: table.name, columns }));
  }

  /**
   * Reads all rows, table after table; a piece may be empty, so that the caller can pause. Throws `MemoryExhausted`
   * if too much was changed meanwhile.
   */
  *read(): Generator<SavedRows, void> {
    for (const state of this.#tables) {
      for (const rows of this.#readTable(state)) {
        if (this.#isTooMuch) throw this.#refusal();
        yield { table: state.table.name, rows };
      }
      state.position = "end";
      this.#forget(state);
    }
  }

  /** Ends the snapshot; changes are no longer noted. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const state of this.#tables) this.#forget(state);
    if (this.#connection.isOpen)
      this.#connection.exec(this.#triggers.map((trigger) => `DROP TRIGGER temp.${trigger};`).join("\n"));
    this.#onEnd();
  }

  /** Keeps a row as it was before a change, unless it was read already, is newer than the snapshot, or is kept. */
  note([index, kind, sandboxId, ...values]: readonly unknown[]): void {
    const state = this.#tables[Number(index)];
    if (state === undefined || this.#isOver || this.#isTooMuch) return;
    const { table, last, former, deleted } = state;
    const isNew = kind === "new";
    const row = values.filter(isStored);
    const key = isNew ? row : keyOf(row, state);
    const [first] = key;
    if (last !== undefined && Number(first) > last) return;
    // The row on which this one depends may have been deleted a moment ago.
    if (sandboxId === null && !this.#wasDeleted(table.parent, Number(first))) return;
    if (kind === "delete" && table.id) deleted.add(Number(first));
    if (isPassed(key, state.position)) return;
    const name = JSON.stringify(key);
    if (former.has(name)) return;
    former.set(name, { key, row: isNew ? undefined : row });
    this.#take(isNew ? KEPT_BYTES : KEPT_BYTES + bytesOf(row));
  }

  #wasDeleted(parent: string | undefined, id: number): boolean {
    return this.#tables.find(({ table }) => table.name === parent)?.deleted.has(id) === true;
  }

  #take(bytes: number): void {
    this.#budget?.take("snapshots", bytes);
    if (this.#budget === undefined || this.#budget.usedBy("snapshots") <= this.#budget.shareOf("snapshots")) return;
    // The error is made later, because its text needs the database.
    this.#isTooMuch = true;
    for (const state of this.#tables) this.#forget(state);
  }

  #refusal(): Error {
    const what = "the rows that change while a bundle of them is read";
    return this.#budget?.refusal(this.#budget.shareOf("snapshots"), what) ?? new Error(`There is no room for ${what}.`);
  }

  #forget(state: TableState): void {
    for (const { row } of state.former.values()) this.#give(row === undefined ? KEPT_BYTES : KEPT_BYTES + bytesOf(row));
    state.former.clear();
  }

  #give(bytes: number): void {
    this.#budget?.give("snapshots", bytes);
  }

  *#readTable(state: TableState): Generator<readonly Row[], void> {
    const { table, columns, last } = state;
    const [first = ""] = table.key;
    const parent = table.parent ?? table.name;
    // The plus sign keeps the planner from the index by sandbox, after which it would sort all rows for each range.
    const ofSandbox =
      table.parent === undefined
        ? `${last === undefined ? "" : "+"}sandbox_id = ?`
        : `(SELECT sandbox_id FROM ${parent} AS parent WHERE parent.id = ${table.name}.${first}) = ?`;
    const inRange = last === undefined ? "" : ` AND ${first} > ? AND ${first} <= ?`;
    const select = `SELECT ${columns.join(", ")} FROM ${table.name} WHERE ${ofSandbox}${inRange}`;
    const order = `ORDER BY ${table.key.join(", ")}`;
    const isLater = `(${table.key.join(", ")}) > (${table.key.map(() => "?").join(", ")})`;
    const statements: RangeStatements = {
      first: this.#connection.prepare<unknown[], Stored[]>(`${select} ${order}`).raw(),
      next: this.#connection.prepare<unknown[], Stored[]>(`${select} AND ${isLater} ${order}`).raw(),
    };
    if (last === undefined) {
      yield* this.#readRange(state, statements, [this.sandboxId], "end");
      return;
    }
    const nextEnd = this.#connection.prepare<[number, number], { id: number | null }>(
      `SELECT max(id) AS id FROM (SELECT id FROM ${parent} WHERE id > ? AND id <= ? ORDER BY id LIMIT ${SEARCHED_AT_ONCE})`,
    );
    for (let from = 0; from < last;) {
      const through = nextEnd.get(from, last)?.id ?? last;
      yield* this.#readRange(state, statements, [this.sandboxId, from, through], { through });
      from = through;
    }
  }

  /** Reads the rows of a range in pieces. `end` is the position of the table after them. */
  *#readRange(
    state: TableState,
    { first, next }: RangeStatements,
    range: readonly number[],
    end: Position,
  ): Generator<readonly Row[], void> {
    let read = readSome(first, range);
    for (;;) {
      const lastRow = read.rows.at(-1);
      const from = lastRow === undefined || read.isAll ? undefined : keyOf(lastRow, state);
      state.position = from === undefined ? end : { key: from };
      yield this.#asBefore(state, read.rows);
      if (from === undefined) return;
      read = readSome(next, [...range, ...from]);
    }
  }

  /** Replaces rows that have changed by what they were, and adds those that are gone, up to the table's position. */
  #asBefore(state: TableState, rows: readonly Row[]): readonly Row[] {
    const { former, position } = state;
    if (former.size === 0) return rows;
    const kept = new Map(rows.map((row) => [JSON.stringify(keyOf(row, state)), row]));
    for (const [name, { key, row }] of former) {
      if (!isPassed(key, position)) continue;
      former.delete(name);
      this.#give(row === undefined ? KEPT_BYTES : KEPT_BYTES + bytesOf(row));
      if (row === undefined) kept.delete(name);
      else kept.set(name, row);
    }
    return [...kept.values()].sort((one, other) => compareKeys(keyOf(one, state), keyOf(other, state)));
  }
}

function stateOf(connection: Connection, table: BundledTable): TableState {
  const columns = connection
    .prepare<[string], { name: string }>("SELECT name FROM pragma_table_info(?) ORDER BY cid")
    .all(table.name)
    .map(({ name }) => name);
  const ranged = table.parent ?? (table.id ? table.name : undefined);
  const last =
    ranged === undefined
      ? undefined
      : (connection.prepare<[], { id: number | null }>(`SELECT max(id) AS id FROM ${ranged}`).get()?.id ?? 0);
  const keyAt = table.key.map((column) => columns.indexOf(column));
  return { table, columns, keyAt, last, position: "start", former: new Map(), deleted: new Set() };
}

/** Returns the bodies of the triggers that note the changes of a table's rows that belong to a sandbox. */
function triggersOf({ table, columns }: TableState, place: string, sandboxId: number): string[] {
  const { name, parent, key, id } = table;
  const owner = (row: string): string =>
    parent === undefined
      ? `${row}.sandbox_id`
      : `(SELECT sandbox_id FROM ${parent} AS parent WHERE parent.id = ${row}.${key[0] ?? ""})`;
  const isOwn = (row: string): string => `WHEN coalesce(${owner(row)}, ${sandboxId}) = ${sandboxId}`;
  const note = (kind: string, row: string, noted: readonly string[]): string =>
    `SELECT ${NOTE}(${place}, '${kind}', ${owner(row)}, ${noted.map((column) => `${row}.${column}`).join(", ")})`;
  // An INSERT that replaces a row calls no trigger for that row, and an id is not known before the insertion.
  const isSame = key.map((column) => `${name}.${column} = NEW.${column}`).join(" AND ");
  const ofSandbox = parent === undefined ? ` AND ${name}.sandbox_id = NEW.sandbox_id` : "";
  const insertion = id
    ? `AFTER INSERT ON ${name} ${isOwn("NEW")} BEGIN ${note("new", "NEW", key)}; END`
    : `BEFORE INSERT ON ${name} ${isOwn("NEW")} BEGIN
         ${note("change", name, columns)} FROM ${name} WHERE ${isSame}${ofSandbox};
         ${note("new", "NEW", key)}; END`;
  return [
    `BEFORE UPDATE ON ${name} ${isOwn("OLD")} BEGIN ${note("change", "OLD", columns)}; END`,
    `BEFORE DELETE ON ${name} ${isOwn("OLD")} BEGIN ${note("delete", "OLD", columns)}; END`,
    insertion,
  ];
}

function readSome(
  statement: Statement<unknown[], Stored[]>,
  values: readonly unknown[],
): { rows: Row[]; isAll: boolean } {
  const rows: Row[] = [];
  let bytes = 0;
  for (const row of statement.iterate(...values)) {
    rows.push(row);
    bytes += bytesOf(row);
    if (rows.length >= ROWS_AT_ONCE || bytes >= BYTES_AT_ONCE) return { rows, isAll: false };
  }
  return { rows, isAll: true };
}

function bytesOf(row: Row): number {
  let bytes = 0;
  for (const value of row) bytes += typeof value === "string" || Buffer.isBuffer(value) ? value.length : 8;
  return bytes;
}

function keyOf(row: Row, { keyAt }: TableState): Row {
  return keyAt.map((at) => row[at] ?? null);
}

function isPassed(key: Row, position: Position): boolean {
  if (position === "start" || position === "end") return position === "end";
  if ("through" in position) return Number(key[0]) <= position.through;
  return compareKeys(key, position.key) <= 0;
}

/** Compares keys as SQLite does: numbers by value, texts by their bytes. */
function compareKeys(one: Row, other: Row): number {
  for (const [at, value] of one.entries()) {
    const [left, right] = [value ?? null, other[at] ?? null];
    const order =
      typeof left === "string" && typeof right === "string"
        ? Buffer.compare(Buffer.from(left), Buffer.from(right))
        : Number(left) - Number(right);
    if (order !== 0) return order;
  }
  return 0;
}

function isStored(value: unknown): value is Stored {
  return value === null || typeof value === "string" || typeof value === "number" || Buffer.isBuffer(value);
}
