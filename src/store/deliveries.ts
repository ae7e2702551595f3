/** Stores webhooks and the attempts to deliver them. */
import type { Connection, Statement } from "./connection.ts";
import type { VendorCount } from "./vendor-count.ts";

/** One webhook to be sent to one receiver. `document` is a JSON text of the delivery layer. */
export interface StoredDelivery {
  readonly id: number;
  readonly sandboxId: number;
  readonly accountId: number;
  readonly vendor: string;
  readonly publicId: string;
  /** Public id of the subject, such as a generation. */
  readonly subject: string;
  /** Row of the generation whose create answer must be sent first; null for none. */
  readonly generationRow: number | null;
  readonly event: string;
  readonly url: string;
  /** The receiver; deliveries to the same one are sent in order. */
  readonly receiver: string;
  readonly label: string | null;
  readonly createdAt: number;
  readonly status: string;
  /** When the next attempt is due; null when none is planned. */
  readonly nextAt: number | null;
  /** The total number of attempts. */
  readonly attempts: number;
  /** The number of attempts since the delivery was last requested, which the vendor's schedule counts. */
  readonly tries: number;
  /** 1 while the delivery waits until the next one to its receiver has been sent. */
  readonly yields: number;
  readonly document: string;
}

export type NewDelivery = Omit<StoredDelivery, "id" | "attempts" | "tries">;

export type DeliveryChange = Pick<StoredDelivery, "id" | "status" | "nextAt" | "attempts" | "tries" | "yields">;

/** What the attempts of a delivery depend on. */
export type DeliveryPlan = Pick<StoredDelivery, "status" | "nextAt" | "attempts" | "tries" | "yields">;

/** A delivery with a planned attempt. */
export type DueDelivery = Pick<StoredDelivery, "id" | "publicId"> & { readonly nextAt: number };

/** Selects rows; every field narrows the selection. */
export interface DeliveryFilter {
  readonly sandboxId: number;
  readonly accountId?: number | undefined;
  readonly vendor?: string | undefined;
  readonly status?: string | undefined;
  readonly subject?: string | undefined;
  readonly event?: string | undefined;
  readonly url?: string | undefined;
  readonly label?: string | undefined;
}

const SELECT = `SELECT id, sandbox_id AS sandboxId, account_id AS accountId, vendor, public_id AS publicId, subject,
  generation_row AS generationRow, event, url, receiver, label, created_at AS createdAt, status, next_at AS nextAt,
  attempts, tries, yields, document FROM deliveries`;

/** The most sandboxes of which is known that no delivery waits. */
const MOST_KNOWN = 10_000;

/** Reads and writes `deliveries` and `delivery_attempts`. */
export class DeliveryRepository {
  readonly #connection: Connection;
  readonly #insert: Statement<[NewDelivery], unknown>;
  readonly #change: Statement<[DeliveryChange], unknown>;
  readonly #saveDocument: Statement<[string, number], unknown>;
  readonly #byId: Statement<[number], StoredDelivery>;
  readonly #plan: Statement<[number], DeliveryPlan>;
  readonly #byPublicId: Statement<[number, string], StoredDelivery>;
  readonly #pending: Statement<[number], DueDelivery>;
  readonly #collectPending: Statement<[number], unknown>;
  readonly #yielding: Statement<[number, string], StoredDelivery>;
  readonly #anyYielding: Statement<[number], { id: number }>;
  readonly #dropEnded: Statement<[number, number], unknown>;
  readonly #insertAttempt: Statement<[number, number, string], unknown>;
  readonly #attempts: Statement<[number], { document: string }>;
  readonly #statements = new Map<string, Statement<unknown[], unknown>>();
  /** The sandboxes that are known to have no row that waits, unless a transaction was undone since. */
  readonly #withoutYielding = new Set<number>();
  #undone = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#insert = connection.prepare(`INSERT INTO deliveries
      (sandbox_id, account_id, vendor, public_id, subject, generation_row, event, url, receiver, label, created_at,
       status, next_at, yields, document)
      VALUES (@sandboxId, @accountId, @vendor, @publicId, @subject, @generationRow, @event, @url, @receiver, @label,
       @createdAt, @status, @nextAt, @yields, @document)`);
    this.#change = connection.prepare(`UPDATE deliveries SET status = @status, next_at = @nextAt,
      attempts = @attempts, tries = @tries, yields = @yields WHERE id = @id`);
    this.#saveDocument = connection.prepare("UPDATE deliveries SET document = ? WHERE id = ?");
    this.#byId = connection.prepare(`${SELECT} WHERE id = ?`);
    this.#plan = connection.prepare(
      "SELECT status, next_at AS nextAt, attempts, tries, yields FROM deliveries WHERE id = ?",
    );
    this.#byPublicId = connection.prepare(`${SELECT} WHERE sandbox_id = ? AND public_id = ?`);
    this.#pending = connection.prepare(`SELECT id, public_id AS publicId, next_at AS nextAt FROM deliveries
      WHERE sandbox_id = ? AND status = 'pending' ORDER BY next_at, id`);
    this.#collectPending = connection.prepare(
      "UPDATE deliveries SET status = 'collected', next_at = NULL, yields = 0 WHERE sandbox_id = ? AND status = 'pending'",
    );
    this.#anyYielding = connection.prepare("SELECT id FROM deliveries WHERE sandbox_id = ? AND yields = 1 LIMIT 1");
    this.#yielding = connection.prepare(`${SELECT} WHERE sandbox_id = ? AND receiver = ? AND yields = 1 ORDER BY id`);
    this.#dropEnded = connection.prepare(`DELETE FROM deliveries WHERE id IN
      (SELECT id FROM deliveries WHERE sandbox_id = ? AND status <> 'pending' ORDER BY id LIMIT ?)`);
    this.#insertAttempt = connection.prepare(
      "INSERT INTO delivery_attempts (delivery_id, number, document) VALUES (?, ?, ?)",
    );
    this.#attempts = connection.prepare("SELECT document FROM delivery_attempts WHERE delivery_id = ? ORDER BY number");
  }

  insert(delivery: NewDelivery): number {
    if (delivery.yields === 1) this.#withoutYielding.clear();
    return Number(this.#insert.run(delivery).lastInsertRowid);
  }

  change(change: DeliveryChange): void {
    if (change.yields === 1) this.#withoutYielding.clear();
    this.#change.run(change);
  }

  saveDocument(id: number, document: string): void {
    this.#saveDocument.run(document, id);
  }

  findById(id: number): StoredDelivery | undefined {
    return this.#byId.get(id);
  }

  findPlan(id: number): DeliveryPlan | undefined {
    return this.#plan.get(id);
  }

  findByPublicId(sandboxId: number, publicId: string): StoredDelivery | undefined {
    return this.#byPublicId.get(sandboxId, publicId);
  }

  /** Lists matching rows, oldest first: at most `limit`, after the row `after`. */
  list(
    filter: DeliveryFilter,
    { limit, after }: { limit?: number; after?: number | undefined } = {},
  ): StoredDelivery[] {
    const { where, values } = conditionsOf(filter);
    const sql = `${SELECT} WHERE ${where} AND id > ? ORDER BY id LIMIT ?`;
    return this.#prepared<StoredDelivery>(sql).all(...values, after ?? 0, limit ?? -1);
  }

  /** Lists the newest `count` rows of a sandbox, oldest first. */
  latest(sandboxId: number, count: number): StoredDelivery[] {
    const sql = `${SELECT} WHERE sandbox_id = ? ORDER BY id DESC LIMIT ?`;
    return this.#prepared<StoredDelivery>(sql).all(sandboxId, count).reverse();
  }

  count(filter: DeliveryFilter): number {
    const { where, values } = conditionsOf(filter);
    const sql = `SELECT count(*) AS count FROM deliveries WHERE ${where}`;
    return this.#prepared<{ count: number }>(sql).get(...values)?.count ?? 0;
  }

  /** Counts the deliveries of all sandboxes by status; reads every row. */
  countByVendor(): VendorCount[] {
    return this.#prepared<VendorCount>(
      "SELECT vendor, status AS value, count(*) AS count FROM deliveries GROUP BY vendor, status",
    ).all();
  }

  /** Lists every row with a planned attempt, earliest first. */
  pending(sandboxId: number): DueDelivery[] {
    return this.#pending.all(sandboxId);
  }

  /** Marks pending deliveries as collected: they are kept, and no attempt is planned. */
  collectPending(sandboxId: number): void {
    this.#collectPending.run(sandboxId);
  }

  /** Lists the rows that wait for the next delivery to this receiver, oldest first. */
  yielding(sandboxId: number, receiver: string): StoredDelivery[] {
    if (this.#isWithoutYielding(sandboxId)) return [];
    return this.#yielding.all(sandboxId, receiver);
  }

  /** Returns whether no row of a sandbox waits, as is the rule; thousands of deliveries may ask at one instant. */
  #isWithoutYielding(sandboxId: number): boolean {
    const { undone } = this.#connection;
    if (this.#undone !== undone) this.#withoutYielding.clear();
    this.#undone = undone;
    if (this.#withoutYielding.has(sandboxId)) return true;
    if (this.#anyYielding.get(sandboxId) !== undefined) return false;
    this.#withoutYielding.add(sandboxId);
    if (this.#withoutYielding.size > MOST_KNOWN) this.#withoutYielding.clear();
    return true;
  }

  /** Deletes the `count` oldest deliveries that have ended, with their attempts; returns how many it deleted. */
  dropEnded(sandboxId: number, count: number): number {
    return this.#dropEnded.run(sandboxId, count).changes;
  }

  insertAttempt(deliveryId: number, number: number, document: string): void {
    this.#insertAttempt.run(deliveryId, number, document);
  }

  /** Lists the JSON documents of a delivery's attempts, first to last. */
  attemptsOf(deliveryId: number): string[] {
    return this.#attempts.all(deliveryId).map(({ document }) => document);
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

function conditionsOf(filter: DeliveryFilter): { where: string; values: unknown[] } {
  const conditions = [
    ["sandbox_id", filter.sandboxId],
    ["account_id", filter.accountId],
    ["vendor", filter.vendor],
    ["status", filter.status],
    ["subject", filter.subject],
    ["event", filter.event],
    ["url", filter.url],
    ["label", filter.label],
  ].filter(([, value]) => value !== undefined);
  return {
    where: conditions.map(([column]) => `${column} = ?`).join(" AND "),
    values: conditions.map(([, value]) => value),
  };
}
