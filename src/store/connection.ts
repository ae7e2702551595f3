/**
 * Provides statements to the repositories, and defers some writes. Many deferred writes share one transaction, because
 * one transaction per write would cost a create more than all its other work. Every other statement, including a read,
 * makes the deferred writes first, so that callers cannot observe the deferral.
 *
 * In memory that is enough, since no data outlives the process. With a file, an answer that acknowledges a deferred
 * write awaits it: the deferred writes of one turn of the event loop are made at the end of that turn.
 */
import { setImmediate } from "../platform/real-timers.ts";
import type Database from "better-sqlite3";
import type { MemoryBudget } from "../platform/memory-budget.ts";
import type { FileIdentity } from "./file-identity.ts";
import { GrowingMeasure } from "./growing-measure.ts";

type Value = string | number | null;

/** A prepared statement; running it makes the deferred writes first. */
export interface Statement<Parameters extends unknown[], Row> {
  run(...parameters: Parameters): Database.RunResult;
  get(...parameters: Parameters): Row | undefined;
  all(...parameters: Parameters): Row[];
  /** Reads row by row; end the loop within the same turn, because the database takes no other statement meanwhile. */
  iterate(...parameters: Parameters): IterableIterator<Row>;
  /** Returns rows as arrays from now on, in the order of their columns. */
  raw(): this;
}

/** A prepared write that may be deferred. Of several writes with the same key, only the last is made. */
export interface DeferredWrite<Parameters extends Value[]> {
  run(key: string | undefined, parameters: Parameters): void;
}

interface PendingWrite {
  readonly statement: Database.Statement<Value[]>;
  readonly key: string | undefined;
  readonly parameters: Value[];
}

/** The deferred writes of one transaction, which are made or undone together. */
interface DeferredTransaction {
  readonly writes: readonly PendingWrite[];
  /** Undefined when no caller awaits them. */
  readonly end: PromiseWithResolvers<undefined> | undefined;
}

/** What depends on the end of the current transaction. */
interface Ending {
  readonly stored: () => void;
  readonly undone: () => void;
}

/** The most deferred transactions; making them all takes no longer than a request should wait. */
const MAX_DEFERRED = 256;

/** The most characters of deferred writes, which are in memory twice. */
const MAX_DEFERRED_LENGTH = 4 * 1024 * 1024;

/** The documents that the engine keeps decoded as long as their sandbox exists. */
const DOCUMENT_BYTES = `SELECT
  (SELECT total(octet_length(document) + 200) FROM rules) + (SELECT total(octet_length(document)) FROM scenarios) +
  (SELECT total(length + 200 * size) FROM rule_lists WHERE origin = 'document') +
  (SELECT total(octet_length(document) + 5000) FROM sandboxes) AS bytes`;

/** How much more memory a decoded document takes than its JSON, and its compiled form. */
const DECODED_FACTOR = 3;

/** The pages that are given back in one turn of the event loop, so that no request waits for long. */
const PAGES_PER_TURN = 1024;

export class Connection {
  readonly #database: Database.Database;
  /** The file that outlives the process; undefined in memory. */
  readonly #file: FileIdentity | undefined;
  readonly #begin: Database.Statement<[]>;
  readonly #commit: Database.Statement<[]>;
  readonly #budget: MemoryBudget | undefined;
  readonly #pages: Database.Statement<[], { used: number; free: number; size: number }>;
  readonly #stored: GrowingMeasure;
  readonly #documents: GrowingMeasure;
  /** The length of the document that belongs to no sandbox. */
  #sharedLength = 0;
  #deferredLength = 0;
  #deferred: DeferredTransaction[] = [];
  /**
   * Inside a transaction: `deferring` until a statement needs the database, then `begun`, with SQLite's own transaction
   * open.
   */
  #state: "idle" | "deferring" | "begun" = "idle";
  /** The deferred writes of the current transaction. */
  #ownWrites: PendingWrite[] = [];
  /** What the current transaction has caused outside the database so far. */
  #endings: Ending[] = [];
  /** Whether a flush at the end of this turn of the event loop is scheduled. */
  #isFlushScheduled = false;
  #isMakingRoom = false;
  /** Why an awaited transaction was undone, by its promise. */
  readonly #refusals = new WeakMap<Promise<unknown>, Error>();
  #undone = 0;
  #lastRefusal: unknown;

  /** `budget` bounds a database in memory. */
  constructor(database: Database.Database, file: FileIdentity | undefined, budget?: MemoryBudget) {
    this.#database = database;
    this.#file = file;
    this.#pages = database.prepare(
      `SELECT page_count - freelist_count AS used, freelist_count AS free, page_size AS size
       FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
    );
    this.#budget = budget;
    this.#stored = new GrowingMeasure(() => {
      const { used = 0, size = 0 } = this.#pages.get() ?? {};
      return used * size + this.#deferredLength;
    });
    let documents: Database.Statement<[], { bytes: number }> | undefined;
    this.#documents = new GrowingMeasure(() => {
      // Prepared late, because the file may still be of an earlier version.
      documents ??= database.prepare<[], { bytes: number }>(DOCUMENT_BYTES);
      return (documents.get()?.bytes ?? 0) * DECODED_FACTOR;
    });
    if (file === undefined) budget?.measureBy("store", () => this.#stored.bytes);
    budget?.measureBy("documents", () => this.#documents.bytes + this.#sharedLength * DECODED_FACTOR);
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
  }

  /** What the memory of the process draws on; undefined without a limit. */
  get budget(): MemoryBudget | undefined {
    return this.#budget;
  }

  /** Defines a function for SQL. It must not use the database. */
  defineFunction(name: string, call: (...values: unknown[]) => null): void {
    this.#database.function(name, { varargs: true, directOnly: false }, call);
  }

  /** The error of the latest commit; undefined when it succeeded. */
  get lastRefusal(): unknown {
    return this.#lastRefusal;
  }

  /**
   * Throws `MemoryExhausted` if a database in memory may not grow by so many bytes. Work that makes room, and what
   * follows from what was admitted, does not call this.
   */
  admit(bytes: number, what: string): void {
    if (this.#file === undefined) this.#admit(this.#stored, bytes, what);
  }

  /** Like {@link admit}, for a document that the engine also keeps decoded, whether there is a file or not. */
  admitDocument(bytes: number, what: string): void {
    this.#admit(this.#documents, bytes, what);
    this.admit(0, what);
  }

  /** Counts the length of the document that belongs to no sandbox with the other documents. */
  countShared(length: number): void {
    this.#sharedLength = length;
  }

  #admit(measure: GrowingMeasure, bytes: number, what: string): void {
    if (this.#budget === undefined || this.#isMakingRoom) return;
    if (this.#budget.used + bytes > this.#budget.limit) {
      this.#stored.forget();
      this.#documents.forget();
    }
    this.#budget.admit(bytes, what);
    measure.grow(bytes);
  }

  /** Runs work that replaces or deletes content, which must be possible when memory is used up. */
  makeRoom(work: () => void): void {
    const outer = this.#isMakingRoom;
    this.#isMakingRoom = true;
    try {
      work();
    } finally {
      this.#isMakingRoom = outer;
    }
  }

  /** Gives some freed pages of a database in memory back to the process; returns whether there are more. */
  releasePages(): boolean {
    if (this.#file !== undefined || this.#state !== "idle") return false;
    this.flush();
    const { free = 0 } = this.#pages.get() ?? {};
    if (free === 0) return false;
    this.#stored.forget();
    this.#documents.forget();
    this.#database.pragma(`incremental_vacuum(${PAGES_PER_TURN})`);
    return free > PAGES_PER_TURN;
  }

  /** Throws `FileGone` when the file was removed, replaced or cut. */
  checkFile(): void {
    this.#file?.check();
  }

  get isOpen(): boolean {
    return this.#database.open;
  }

  get isInTransaction(): boolean {
    return this.#state !== "idle";
  }

  /**
   * Calls `stored` once the current transaction, the outer one of nested calls, is stored, and `undone` when it is
   * undone. Outside of a transaction, calls `stored` at once.
   */
  whenEnded(stored: () => void, undone: () => void): void {
    if (this.#state === "idle") stored();
    else this.#endings.push({ stored, undone });
  }

  /** The number of undone transactions; a cached value from before an undone transaction is no longer valid. */
  get undone(): number {
    return this.#undone;
  }

  prepare<Parameters extends unknown[], Row>(sql: string): Statement<Parameters, Row> {
    return new DirectStatement(this.#database.prepare<Parameters, Row>(sql), this.#beforeStatement, this.#beforeWrite);
  }

  prepareDeferred<Parameters extends Value[]>(sql: string): DeferredWrite<Parameters> {
    const statement = this.#database.prepare<Value[]>(sql);
    return {
      run: (key, parameters) => {
        if (this.#state === "begun") statement.run(...parameters);
        else if (this.#state === "deferring") {
          this.#ownWrites.push({ statement, key, parameters });
          for (const each of parameters) if (typeof each === "string") this.#deferredLength += each.length;
        } else this.transaction(() => this.#ownWrites.push({ statement, key, parameters }));
      },
    };
  }

  exec(sql: string): void {
    this.#beforeWrite();
    this.#database.exec(sql);
  }

  /**
   * Runs `work` as one transaction, which an error of `work` undoes; a nested call joins the outer one. A file holds
   * the writes when the call returns; in memory, writes may still be deferred.
   */
  transaction<Result>(work: () => Result): Result {
    if (this.#state !== "idle") return work();
    const { result, endings } = this.#attempt(work, false);
    try {
      if (this.#file !== undefined || this.#isDeferringMuch) this.flush();
    } catch (error) {
      tellUndone(endings);
      throw error;
    }
    tellStored(endings);
    return result;
  }

  /**
   * Runs `work` like {@link transaction}, but may make the deferred writes together with those of other transactions.
   * `written` resolves once the file holds them, and rejects when the database refuses them, which undoes the
   * transaction. It is undefined when nothing needs to be awaited.
   */
  transactionAwaitingOthers<Result>(work: () => Result): { result: Result; written: Promise<unknown> | undefined } {
    if (this.#state !== "idle") return { result: work(), written: undefined };
    const { result, written, endings } = this.#attempt(work, this.#file !== undefined);
    if (written === undefined) tellStored(endings);
    else if (endings.length > 0)
      void written.then(
        () => {
          tellStored(endings);
        },
        () => {
          tellUndone(endings);
        },
      );
    if (this.#isDeferringMuch) this.flush();
    else if (written !== undefined && !this.#isFlushScheduled) {
      this.#isFlushScheduled = true;
      setImmediate(() => {
        this.#isFlushScheduled = false;
        this.flush();
      });
    }
    return { result, written };
  }

  /**
   * Makes the deferred writes; does nothing inside a transaction. When the database refuses the writes of a
   * transaction, the transaction is undone and its `written` rejects; if no caller awaits it, this throws.
   */
  flush(): void {
    if (this.#state === "idle") this.#makeDeferred();
  }

  /** Makes the deferred writes at once, of which `written` are some. Throws when these are refused. */
  flushAwaited(written: Promise<unknown> | undefined): void {
    this.flush();
    const refusal = written === undefined ? undefined : this.#refusals.get(written);
    if (refusal !== undefined) throw refusal;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.#database.close();
    }
  }

  #attempt<Result>(work: () => Result, isAwaited: boolean): Attempted<Result> {
    this.#state = "deferring";
    try {
      const result = work();
      if (this.#hasBegun()) this.#commitToFile();
      const endings = this.#endings;
      if (this.#ownWrites.length === 0) return { result, written: undefined, endings };
      const end = isAwaited ? Promise.withResolvers<undefined>() : undefined;
      // The caller may drop the promise; Node.js would then end the process for an unhandled rejection.
      end?.promise.catch(() => undefined);
      this.#deferred.push({ writes: this.#ownWrites, end });
      return { result, written: end?.promise, endings };
    } catch (error) {
      if (this.#hasBegun()) this.#undo(error);
      else if (this.#ownWrites.length > 0) this.#undone += 1;
      this.#state = "idle";
      tellUndone(this.#endings);
      throw error;
    } finally {
      this.#state = "idle";
      this.#ownWrites = [];
      this.#endings = [];
    }
  }

  /**
   * Returns whether SQLite's transaction is open; a function, because the compiler does not see that `work` changes the
   * state.
   */
  #hasBegun(): boolean {
    return this.#state === "begun";
  }

  /**
   * Makes the deferred writes; inside a transaction, opens SQLite's own first, so that its earlier writes become part
   * of it.
   */
  readonly #beforeStatement = (): void => {
    if (this.#state === "begun") return;
    this.#makeDeferred();
    if (this.#state === "idle") return;
    const writes = this.#ownWrites;
    this.#ownWrites = [];
    this.#state = "begun";
    this.#begin.run();
    for (const { statement, parameters } of writes) statement.run(...parameters);
  };

  /** Prepares a statement that writes; outside a transaction the write is committed at once. */
  readonly #beforeWrite = (): void => {
    if (this.#state === "idle") this.#file?.check();
    this.#beforeStatement();
  };

  /** Commits, unless the file was removed, replaced or cut: lost writes must not be acknowledged. */
  #commitToFile(): void {
    this.#file?.check();
    this.#commit.run();
    this.#lastRefusal = undefined;
  }

  get #isDeferringMuch(): boolean {
    return this.#deferred.length >= MAX_DEFERRED || this.#deferredLength >= MAX_DEFERRED_LENGTH;
  }

  #makeDeferred(): void {
    if (this.#deferred.length === 0) return;
    this.#deferredLength = 0;
    const transactions = this.#deferred;
    this.#deferred = [];
    const refusal = this.#make(transactions);
    let unawaited: Error | undefined;
    for (const transaction of transactions) {
      // Either one transaction is at fault, or all are (a full disk); making each alone shows which.
      const error = refusal === undefined || transactions.length === 1 ? refusal : this.#make([transaction]);
      if (error === undefined) transaction.end?.resolve(undefined);
      else if (transaction.end !== undefined) {
        this.#refusals.set(transaction.end.promise, error);
        transaction.end.reject(error);
      } else unawaited ??= error;
    }
    if (unawaited !== undefined) throw unawaited;
  }

  /** Makes the writes of all transactions in one database transaction; returns the error if the database refuses it. */
  #make(transactions: readonly DeferredTransaction[]): Error | undefined {
    try {
      this.#begin.run();
      const last = new Map<string, PendingWrite>();
      for (const { writes } of transactions)
        for (const write of writes) if (write.key !== undefined) last.set(write.key, write);
      for (const { writes } of transactions)
        for (const write of writes)
          if (write.key === undefined || last.get(write.key) === write) write.statement.run(...write.parameters);
      this.#commitToFile();
      return undefined;
    } catch (error) {
      this.#undo(error);
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #undo(reason: unknown): void {
    this.#lastRefusal = reason;
    this.#undone += 1;
    if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
  }
}

interface Attempted<Result> {
  readonly result: Result;
  readonly written: Promise<unknown> | undefined;
  readonly endings: readonly Ending[];
}

function tellStored(endings: readonly Ending[]): void {
  for (const { stored } of endings) stored();
}

/** Tells in the reverse order, so that the first one has the last word. */
function tellUndone(endings: readonly Ending[]): void {
  for (const { undone } of endings.toReversed()) undone();
}

class DirectStatement<Parameters extends unknown[], Row> implements Statement<Parameters, Row> {
  readonly #statement: Database.Statement<Parameters, Row>;
  readonly #before: () => void;
  readonly #beforeWrite: () => void;

  constructor(statement: Database.Statement<Parameters, Row>, before: () => void, beforeWrite: () => void) {
    this.#statement = statement;
    this.#before = before;
    this.#beforeWrite = beforeWrite;
  }

  run(...parameters: Parameters): Database.RunResult {
    this.#beforeWrite();
    return this.#statement.run(...parameters);
  }

  get(...parameters: Parameters): Row | undefined {
    this.#before();
    return this.#statement.get(...parameters);
  }

  all(...parameters: Parameters): Row[] {
    this.#before();
    return this.#statement.all(...parameters);
  }

  iterate(...parameters: Parameters): IterableIterator<Row> {
    this.#before();
    return this.#statement.iterate(...parameters);
  }

  raw(): this {
    this.#statement.raw();
    return this;
  }
}
