/** Stores sandboxes, and empties them. */
import type { Connection, DeferredWrite, Statement } from "./connection.ts";

export interface StoredSandbox {
  readonly id: number;
  readonly name: string;
  readonly document: string;
  readonly clock: string;
  readonly epoch: number;
  /** The latest instant of its clock at which something was stored. */
  readonly latest: number;
}

/** Reads and writes `sandboxes`. */
export class SandboxRepository {
  readonly #insert: Statement<[string, string, string], unknown>;
  readonly #byName: Statement<[string], StoredSandbox>;
  readonly #all: Statement<[], StoredSandbox>;
  readonly #clock: Statement<[number], { clock: string }>;
  readonly #saveClock: Statement<[string, number, number], unknown>;
  readonly #noteLatest: DeferredWrite<[number, number]>;
  readonly #saveDocument: Statement<[string, number], unknown>;
  readonly #raiseEpoch: Statement<[number], unknown>;
  readonly #delete: Statement<[number], unknown>;
  readonly #deleteContents: readonly Statement<[number], unknown>[];

  constructor(connection: Connection) {
    this.#insert = connection.prepare("INSERT INTO sandboxes (name, document, clock) VALUES (?, ?, ?)");
    const columns = "id, name, document, clock, epoch, latest";
    this.#byName = connection.prepare(`SELECT ${columns} FROM sandboxes WHERE name = ?`);
    this.#all = connection.prepare(`SELECT ${columns} FROM sandboxes ORDER BY id`);
    this.#clock = connection.prepare("SELECT clock FROM sandboxes WHERE id = ?");
    this.#saveClock = connection.prepare("UPDATE sandboxes SET clock = ?, latest = max(latest, ?) WHERE id = ?");
    this.#noteLatest = connection.prepareDeferred("UPDATE sandboxes SET latest = max(latest, ?) WHERE id = ?");
    this.#saveDocument = connection.prepare("UPDATE sandboxes SET document = ? WHERE id = ?");
    this.#raiseEpoch = connection.prepare(
      "UPDATE sandboxes SET epoch = epoch + 1, last_rule = 0, latest = 0 WHERE id = ?",
    );
    this.#delete = connection.prepare("DELETE FROM sandboxes WHERE id = ?");
    // Deleting an account deletes its states, counters, generations, resources and idempotency keys.
    this.#deleteContents = ["accounts", "keys", "uploads", "rules", "scenarios", "deliveries"].map((table) =>
      connection.prepare(`DELETE FROM ${table} WHERE sandbox_id = ?`),
    );
  }

  insert(name: string, document: string, clock: string): StoredSandbox {
    const id = Number(this.#insert.run(name, document, clock).lastInsertRowid);
    return { id, name, document, clock, epoch: 0, latest: 0 };
  }

  findByName(name: string): StoredSandbox | undefined {
    return this.#byName.get(name);
  }

  all(): StoredSandbox[] {
    return this.#all.all();
  }

  /** Returns the stored clock of a sandbox; empty when there is no such sandbox. */
  clockOf(id: number): string {
    return this.#clock.get(id)?.clock ?? "";
  }

  /** Stores a clock that shows this instant. */
  saveClock(id: number, clock: string, instant: number): void {
    this.#saveClock.run(clock, instant, id);
  }

  /** Stores the sandbox's latest instant in the transaction of the row that it belongs to. */
  noteLatest(id: number, instant: number): void {
    this.#noteLatest.run(`latest ${id}`, [instant, id]);
  }

  saveDocument(id: number, document: string): void {
    this.#saveDocument.run(document, id);
  }

  /** Deletes everything in the sandbox except its document and its clock, and raises its epoch. */
  empty(id: number): void {
    for (const statement of this.#deleteContents) statement.run(id);
    this.#raiseEpoch.run(id);
  }

  delete(id: number): void {
    this.#delete.run(id);
  }
}
