/** Stores webhooks and the attempts to deliver them. */
import type { Connection, Statement } from "./connection.ts";
import type { VendorCount } from "./vendor-count.ts";

/** One webhook for one receiver. `document` is JSON of the delivery layer. */
export interface DeliveryRow {
  readonly id: number;
  readonly sandbox_id: number;
  readonly account_id: number;
  readonly vendor: string;
  readonly public_id: string;
  /** The public id of what the webhook is about. */
  readonly subject: string;
  /** The row of the generation whose create answer the webhook must not overtake; null when there is none. */
  readonly generation_row: number | null;
  readonly event: string;
  readonly url: string;
  /** Deliveries to one receiver are sent in order. */
  readonly receiver: string;
  readonly label: string | null;
  readonly created_at: number;
  readonly status: string;
  /** When the next attempt is due; null when no attempt is. */
  readonly next_at: number | null;
  /** The number of all attempts. */
  readonly attempts: number;
  /** The number of attempts since the delivery was last requested, which the vendor's schedule counts. */
  readonly tries: number;
  /** 1 while the delivery waits until the next one to its receiver has been sent. */
  readonly yields: number;
  readonly document: string;
}

export type NewDeliveryRow = Omit<DeliveryRow, "id" | "attempts" | "tries">;

export type DeliveryChange = Pick<DeliveryRow, "id" | "status" | "next_at" | "attempts" | "tries" | "yields">;

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

/** Reads and writes `deliveries` and `delivery_attempts`. */
export class DeliveryRepository {
  readonly #connection: Connection;
  readonly #insert: Statement<[NewDeliveryRow], unknown>;
  readonly #change: Statement<[DeliveryChange], unknown>;
  readonly #byId: Statement<[number], DeliveryRow>;
  readonly #byPublicId: Statement<[number, string], DeliveryRow>;
  readonly #pending: Statement<[number], { id: number; public_id: string; next_at: number }>;
  readonly #collectPending: Statement<[number], unknown>;
  readonly #yielding: Statement<[number, string], DeliveryRow>;
  readonly #dropEnded: Statement<[number, number], unknown>;
  readonly #insertAttempt: Statement<[number, number, string], unknown>;
  readonly #attempts: Statement<[number], { document: string }>;
  readonly #statements = new Map<string, Statement<unknown[], unknown>>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#insert = connection.prepare(`INSERT INTO deliveries
      (sandbox_id, account_id, vendor, public_id, subject, generation_row, event, url, receiver, label, created_at,
       status, next_at, yields, document)
      VALUES (@sandbox_id, @account_id, @vendor, @public_id, @subject, @generation_row, @event, @url, @receiver, @label,
       @created_at, @status, @next_at, @yields, @document)`);
    this.#change = connection.prepare(`UPDATE deliveries SET status = @status, next_at = @next_at,
      attempts = @attempts, tries = @tries, yields = @yields WHERE id = @id`);
    this.#byId = connection.prepare("SELECT * FROM deliveries WHERE id = ?");
    this.#byPublicId = connection.prepare("SELECT * FROM deliveries WHERE sandbox_id = ? AND public_id = ?");
    this.#pending = connection.prepare(
      "SELECT id, public_id, next_at FROM deliveries WHERE sandbox_id = ? AND status = 'pending' ORDER BY next_at, id",
    );
    this.#collectPending = connection.prepare(
      "UPDATE deliveries SET status = 'collected', next_at = NULL, yields = 0 WHERE sandbox_id = ? AND status = 'pending'",
    );
    this.#yielding = connection.prepare(
      "SELECT * FROM deliveries WHERE sandbox_id = ? AND receiver = ? AND yields = 1 ORDER BY id",
    );
    this.#dropEnded = connection.prepare(`DELETE FROM deliveries WHERE id IN
      (SELECT id FROM deliveries WHERE sandbox_id = ? AND status <> 'pending' ORDER BY id LIMIT ?)`);
    this.#insertAttempt = connection.prepare(
      "INSERT INTO delivery_attempts (delivery_id, number, document) VALUES (?, ?, ?)",
    );
    this.#attempts = connection.prepare("SELECT document FROM delivery_attempts WHERE delivery_id = ? ORDER BY number");
  }

  insert(row: NewDeliveryRow): number {
    return Number(this.#insert.run(row).lastInsertRowid);
  }

  change(change: DeliveryChange): void {
    this.#change.run(change);
  }

  findById(id: number): DeliveryRow | undefined {
    return this.#byId.get(id);
  }

  findByPublicId(sandboxId: number, publicId: string): DeliveryRow | undefined {
    return this.#byPublicId.get(sandboxId, publicId);
  }

  /** Lists rows, oldest first: at most `limit`, after the row `after`. */
  list(filter: DeliveryFilter, { limit, after }: { limit?: number; after?: number | undefined } = {}): DeliveryRow[] {
    const { where, values } = conditionsOf(filter);
    const sql = `SELECT * FROM deliveries WHERE ${where} AND id > ? ORDER BY id LIMIT ?`;
    return this.#prepared<DeliveryRow>(sql).all(...values, after ?? 0, limit ?? -1);
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

  /** Lists the pending deliveries in the order in which their attempts are due. */
  pending(sandboxId: number): { id: number; public_id: string; next_at: number }[] {
    return this.#pending.all(sandboxId);
  }

  /** Marks pending deliveries as collected: they are kept, and no attempt is due. */
  collectPending(sandboxId: number): void {
    this.#collectPending.run(sandboxId);
  }

  /** Lists the deliveries that wait for the next one to this receiver, oldest first. */
  yielding(sandboxId: number, receiver: string): DeliveryRow[] {
    return this.#yielding.all(sandboxId, receiver);
  }

  /** Removes the `count` oldest deliveries that have ended, with their attempts; answers how many it removed. */
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
