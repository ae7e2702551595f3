/** Stores generations and the public ids of their outputs. */
import type { Connection, DeferredWrite, Statement } from "./connection.ts";
import type { VendorCount } from "./vendor-count.ts";

/** One generation as stored. `timeline` and `document` are JSON texts of the engine. */
export interface StoredGeneration {
  readonly id: number;
  readonly sandboxId: number;
  readonly accountId: number;
  readonly vendor: string;
  readonly kind: string;
  readonly publicId: string;
  readonly createdAt: number;
  readonly phase: string;
  readonly nextAt: number | null;
  readonly reads: number;
  readonly label: string | null;
  readonly timeline: string;
  readonly document: string;
}

export type NewGeneration = Omit<StoredGeneration, "id" | "reads">;

/** The fields that change during a generation's life. */
export type GenerationChange = Pick<
  StoredGeneration,
  "id" | "phase" | "nextAt" | "reads" | "label" | "timeline" | "document"
>;

/** A generation whose next transition is planned. */
export type PlannedGeneration = Pick<StoredGeneration, "id" | "publicId"> & { readonly nextAt: number };

/** Selects rows. Every field narrows; `facts` compares a top-level text field of the document. */
export interface GenerationFilter {
  readonly sandboxId?: number;
  readonly accountId?: number;
  readonly vendor?: string;
  readonly kind?: string;
  readonly phases?: readonly string[];
  readonly publicIds?: readonly string[];
  readonly label?: string;
  readonly createdFrom?: number;
  /** The accepted values of each fact in the document; see the engine's `facts`. */
  readonly facts?: Readonly<Record<string, readonly string[]>>;
}

export interface GenerationPage {
  readonly order: "oldest" | "newest";
  readonly limit?: number;
  readonly offset?: number;
  /** Returns only rows after this one, in the chosen order. */
  readonly after?: number;
}

// The query has one table and reads all its columns: for a join, better-sqlite3 compiles a row function at every call.
const COLUMNS = `id, sandbox_id AS sandboxId, account_id AS accountId, vendor, kind, public_id AS publicId,
  created_at AS createdAt, phase, next_at AS nextAt, reads, label, timeline, document`;
const SELECT = `SELECT ${COLUMNS} FROM generations`;

/** Reads and writes `generations` and `outputs`. */
export class GenerationRepository {
  readonly #connection: Connection;
  readonly #insert: DeferredWrite<(string | number | null)[]>;
  readonly #insertOutput: DeferredWrite<[number, string, string, number]>;
  readonly #update: Statement<[GenerationChange], unknown>;
  readonly #announce: DeferredWrite<[string, number | null, number]>;
  readonly #byPublicId: Statement<[number, string, string], StoredGeneration>;
  readonly #byId: Statement<[number], StoredGeneration>;
  readonly #between: Statement<[number, number, number], StoredGeneration>;
  readonly #byOutput: Statement<[number, string, string], { id: number }>;
  readonly #countActive: Statement<[number, string], { count: number }>;
  readonly #statements = new Map<string, Statement<unknown[], unknown>>();
  /** The highest row id; undefined until it is read. */
  #lastId: number | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#insert = connection.prepareDeferred(`INSERT INTO generations
      (id, sandbox_id, account_id, vendor, kind, public_id, created_at, phase, next_at, label, timeline, document)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#insertOutput = connection.prepareDeferred(
      "INSERT INTO outputs (sandbox_id, vendor, public_id, generation_row) VALUES (?, ?, ?, ?)",
    );
    this.#update = connection.prepare(`UPDATE generations SET phase = @phase, next_at = @nextAt, reads = @reads,
      label = @label, timeline = @timeline, document = @document WHERE id = @id`);
    this.#announce = connection.prepareDeferred("UPDATE generations SET phase = ?, next_at = ? WHERE id = ?");
    this.#byPublicId = connection.prepare(`${SELECT} WHERE sandbox_id = ? AND vendor = ? AND public_id = ?`);
    this.#byId = connection.prepare(`${SELECT} WHERE id = ?`);
    // The plus sign keeps the planner from the index by sandbox, after which it would sort all rows for each range.
    this.#between = connection.prepare(`${SELECT} WHERE id BETWEEN ? AND ? AND +sandbox_id = ? ORDER BY id`);
    this.#byOutput = connection.prepare(
      "SELECT generation_row AS id FROM outputs WHERE sandbox_id = ? AND vendor = ? AND public_id = ?",
    );
    this.#countActive = connection.prepare(
      "SELECT count(*) AS count FROM generations WHERE account_id = ? AND vendor = ? AND phase IN ('queued', 'processing')",
    );
  }

  /** Reads the generations of a sandbox whose row ids are in a range, both ends included, in their order. */
  between(sandboxId: number, first: number, last: number): StoredGeneration[] {
    return this.#between.all(first, last, sandboxId);
  }

  /** Returns the highest row id of any sandbox. */
  get lastId(): number {
    return (this.#lastId ??= this.#readLastId());
  }

  /** Stores a generation and the public ids of its outputs; returns the new row's id, higher than any row's. */
  insert(generation: NewGeneration, outputIds: readonly string[]): number {
    this.#connection.admit(generation.document.length + generation.timeline.length, "a generation");
    const id = this.lastId + 1;
    this.#lastId = id;
    const { sandboxId, vendor } = generation;
    // Parameters are bound by position, because binding by name needs a look-up for each.
    this.#insert.run(undefined, [
      id,
      sandboxId,
      generation.accountId,
      vendor,
      generation.kind,
      generation.publicId,
      generation.createdAt,
      generation.phase,
      generation.nextAt,
      generation.label,
      generation.timeline,
      generation.document,
    ]);
    for (const outputId of outputIds) this.#insertOutput.run(undefined, [sandboxId, vendor, outputId, id]);
    return id;
  }

  /** Forces the next insert to read the highest row id again, because rows were stored without this repository. */
  forgetLastId(): void {
    this.#lastId = undefined;
  }

  update(change: GenerationChange): void {
    this.#update.run(change);
  }

  /** Stores that a transition was announced, and when the next one is due. */
  announce(id: number, phase: string, nextAt: number | null): void {
    this.#announce.run(undefined, [phase, nextAt, id]);
  }

  findByPublicId(sandboxId: number, vendor: string, publicId: string): StoredGeneration | undefined {
    return this.#byPublicId.get(sandboxId, vendor, publicId);
  }

  findById(id: number): StoredGeneration | undefined {
    return this.#byId.get(id);
  }

  /** Finds the generation that owns an output. */
  findByOutput(sandboxId: number, vendor: string, outputId: string): StoredGeneration | undefined {
    const found = this.#byOutput.get(sandboxId, vendor, outputId);
    return found === undefined ? undefined : this.findById(found.id);
  }

  /** Counts the account's generations at a vendor that have not ended. */
  countActive(accountId: number, vendor: string): number {
    return this.#countActive.get(accountId, vendor)?.count ?? 0;
  }

  list(filter: GenerationFilter, page: GenerationPage): StoredGeneration[] {
    return this.#select<StoredGeneration>(COLUMNS, filter, page);
  }

  /** Lists the ids of the rows that {@link list} returns. */
  listIds(filter: GenerationFilter, page: GenerationPage): { readonly id: number }[] {
    return this.#select<{ id: number }>("id", filter, page);
  }

  #select<Row>(columns: string, filter: GenerationFilter, page: GenerationPage): Row[] {
    const { where, values } = conditionsOf(filter);
    const direction = page.order === "newest" ? "DESC" : "ASC";
    if (page.after !== undefined) {
      where.push(page.order === "newest" ? "id < ?" : "id > ?");
      values.push(page.after);
    }
    const sql = `SELECT ${columns} FROM generations ${whereClause(where)} ORDER BY id ${direction} LIMIT ? OFFSET ?`;
    return this.#prepared<Row>(sql).all(...values, page.limit ?? -1, page.offset ?? 0);
  }

  count(filter: GenerationFilter): number {
    const { where, values } = conditionsOf(filter);
    const sql = `SELECT count(*) AS count FROM generations ${whereClause(where)}`;
    return this.#prepared<{ count: number }>(sql).get(...values)?.count ?? 0;
  }

  /**
   * Adds up costs; null when there are no rows. A final cost, which a scenario sets, replaces the price once the
   * generation has succeeded; its unit is `finalUnit` times the unit of prices.
   */
  sumCost(filter: GenerationFilter, finalUnit: number): number | null {
    const { where, values } = conditionsOf(filter);
    const cost = `CASE WHEN phase = 'succeeded' THEN coalesce(json_extract(document, '$.finalCost') * ?, json_extract(document, '$.cost')) ELSE json_extract(document, '$.cost') END`;
    const sql = `SELECT sum(${cost}) AS total FROM generations ${whereClause(where)}`;
    return this.#prepared<{ total: number | null }>(sql).get(finalUnit, ...values)?.total ?? null;
  }

  /** Lists the different values of a fact in alphabetical order; null stands for rows without the fact. */
  factValues(filter: GenerationFilter, fact: string): (string | null)[] {
    const { where, values } = conditionsOf(filter);
    const sql = `SELECT DISTINCT json_extract(document, ?) AS value FROM generations ${whereClause(where)} ORDER BY value`;
    return this.#prepared<{ value: string | null }>(sql)
      .all(`$.facts.${JSON.stringify(fact)}`, ...values)
      .map(({ value }) => value);
  }

  /** Lists every row with a planned transition, earliest first. */
  pending(sandboxId: number): PlannedGeneration[] {
    return this.#prepared<PlannedGeneration>(
      `SELECT id, public_id AS publicId, next_at AS nextAt FROM generations
        WHERE sandbox_id = ? AND next_at IS NOT NULL ORDER BY next_at, id`,
    ).all(sandboxId);
  }

  /** Lists the same among the rows whose ids are in a range, both ends included, in their order. */
  pendingBetween(sandboxId: number, first: number, last: number): PlannedGeneration[] {
    return this.#prepared<PlannedGeneration>(
      `SELECT id, public_id AS publicId, next_at AS nextAt FROM generations
        WHERE id BETWEEN ? AND ? AND +sandbox_id = ? AND next_at IS NOT NULL ORDER BY id`,
    ).all(first, last, sandboxId);
  }

  /** Counts the generations of all sandboxes by phase; reads every row. */
  countByVendor(): VendorCount[] {
    return this.#prepared<VendorCount>(
      "SELECT vendor, phase AS value, count(*) AS count FROM generations GROUP BY vendor, phase",
    ).all();
  }

  delete(id: number): void {
    this.#prepared("DELETE FROM generations WHERE id = ?").run(id);
  }

  deleteOutput(sandboxId: number, vendor: string, outputId: string): void {
    this.#prepared("DELETE FROM outputs WHERE sandbox_id = ? AND vendor = ? AND public_id = ?").run(
      sandboxId,
      vendor,
      outputId,
    );
  }

  #readLastId(): number {
    return this.#prepared<{ id: number | null }>("SELECT max(id) AS id FROM generations").get()?.id ?? 0;
  }

  #prepared<Row>(sql: string): Statement<unknown[], Row> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare<unknown[], unknown>(sql);
      this.#statements.set(sql, statement);
    }
    return statement as Statement<unknown[], Row>;
  }
}

function conditionsOf(filter: GenerationFilter): { where: string[]; values: unknown[] } {
  const where: string[] = [];
  const values: unknown[] = [];
  const equal = (column: string, value: unknown): void => {
    if (value === undefined) return;
    where.push(`${column} = ?`);
    values.push(value);
  };
  const among = (expression: string, accepted: readonly string[] | undefined, ...parameters: unknown[]): void => {
    if (accepted === undefined) return;
    where.push(`${expression} IN (SELECT value FROM json_each(?))`);
    values.push(...parameters, JSON.stringify(accepted));
  };
  // The sandbox is left out for an account, because the planner would then choose a worse index than the account's.
  if (filter.accountId === undefined) equal("sandbox_id", filter.sandboxId);
  equal("account_id", filter.accountId);
  equal("vendor", filter.vendor);
  equal("kind", filter.kind);
  equal("label", filter.label);
  if (filter.phases?.every((phase) => phase === "queued" || phase === "processing")) {
    // Repeats the words of the partial index, so that a list of active rows does not scan the finished ones.
    where.push("phase IN ('queued', 'processing')");
  }
  among("phase", filter.phases);
  among("public_id", filter.publicIds);
  if (filter.createdFrom !== undefined) {
    where.push("created_at >= ?");
    values.push(filter.createdFrom);
  }
  for (const [name, accepted] of Object.entries(filter.facts ?? {})) {
    among("json_extract(document, ?)", accepted, `$.facts.${JSON.stringify(name)}`);
  }
  return { where, values };
}

function whereClause(where: readonly string[]): string {
  return where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`;
}
