/** Stores sandboxes; one is replaced and deleted by a change of names, and its rows are deleted later. */
import type { Connection, DeferredWrite, Statement } from "./connection.ts";
import { PREPARED, RETIRED } from "./leftovers.ts";

export interface StoredSandbox {
  readonly id: number;
  readonly name: string;
  readonly document: string;
  readonly clock: string;
  readonly epoch: number;
  /** The latest instant of its clock at which something was stored. */
  readonly latest: number;
}

/** What a new sandbox takes with its default accounts, as rows. */
const NEW_SANDBOX_BYTES = 2048;

/** Reads and writes `sandboxes`. */
export class SandboxRepository {
  readonly #connection: Connection;
  readonly #insert: Statement<[string, string, string], unknown>;
  readonly #byName: Statement<[string], StoredSandbox>;
  readonly #all: Statement<[], StoredSandbox>;
  readonly #clock: Statement<[number], { clock: string }>;
  readonly #saveClock: Statement<[string, number, number], unknown>;
  readonly #noteLatest: DeferredWrite<[number, number]>;
  readonly #saveDocument: Statement<[string, number], unknown>;
  readonly #prepare: Statement<[string, string, string], unknown>;
  readonly #retire: Statement<[string, number], unknown>;
  readonly #adopt: Statement<[string, number, number], unknown>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#insert = connection.prepare("INSERT INTO sandboxes (name, document, clock) VALUES (?, ?, ?)");
    const columns = "id, name, document, clock, epoch, latest";
    this.#byName = connection.prepare(`SELECT ${columns} FROM sandboxes WHERE name = ?`);
    this.#all = connection.prepare(`SELECT ${columns} FROM sandboxes WHERE name NOT GLOB '~*' ORDER BY id`);
    this.#clock = connection.prepare("SELECT clock FROM sandboxes WHERE id = ?");
    this.#saveClock = connection.prepare("UPDATE sandboxes SET clock = ?, latest = max(latest, ?) WHERE id = ?");
    this.#noteLatest = connection.prepareDeferred("UPDATE sandboxes SET latest = max(latest, ?) WHERE id = ?");
    this.#saveDocument = connection.prepare("UPDATE sandboxes SET document = ? WHERE id = ?");
    this.#prepare = connection.prepare(
      "INSERT INTO sandboxes (name, document, clock) SELECT ? || (coalesce(max(id), 0) + 1), ?, ? FROM sandboxes",
    );
    this.#retire = connection.prepare("UPDATE sandboxes SET name = ? || id WHERE id = ?");
    this.#adopt = connection.prepare("UPDATE sandboxes SET name = ?, epoch = ? WHERE id = ?");
  }

  insert(name: string, document: string, clock: string): StoredSandbox {
    this.#connection.admitDocument(document.length + NEW_SANDBOX_BYTES, "a sandbox");
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
    this.#connection.admitDocument(document.length, "a sandbox's document");
    this.#saveDocument.run(document, id);
  }

  /** Stores a sandbox under a name that nothing reads; returns its id. */
  prepare(document: string, clock: string): number {
    return Number(this.#prepare.run(PREPARED, document, clock).lastInsertRowid);
  }

  /** Gives a prepared sandbox the name of another, which is retired. Call it inside a transaction. */
  replace(former: number, { id, name, epoch }: Pick<StoredSandbox, "id" | "name" | "epoch">): void {
    this.retire(former);
    this.#adopt.run(name, epoch, id);
  }

  /** Takes a sandbox's name away, so that nothing reads it; its rows are leftovers. */
  retire(id: number): void {
    this.#retire.run(RETIRED, id);
  }
}
