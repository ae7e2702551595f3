/**
 * How the repositories reach the database. Some writes may be made later, many in one transaction: a transaction of its
 * own for each costs a create more than everything else together. Whatever is asked of the database otherwise, reads
 * included, has them made first, so that nobody can tell.
 *
 * In memory that is all, since nothing outlives the process. In a file, whoever acknowledges such a write awaits it:
 * those of one turn of the event loop are made at its end.
 */
import type Database from "better-sqlite3";

type Value = string | number | null;

/** A prepared statement; every use of it finds the writes made that are to be made before it. */
export interface Statement<Parameters extends unknown[], Row> {
  run(...parameters: Parameters): Database.RunResult;
  get(...parameters: Parameters): Row | undefined;
  all(...parameters: Parameters): Row[];
  /** Has rows read as arrays, in the order of their columns. */
  raw(): this;
}

/** A prepared write that may be made later. Of those with the same key only the last matters. */
export interface LateWrite<Parameters extends Value[]> {
  run(key: string | undefined, parameters: Parameters): void;
}

interface Waiting {
  readonly statement: Database.Statement<Value[]>;
  readonly key: string | undefined;
  readonly parameters: Value[];
}

/** Writes that are made together, and those who await them. */
interface Batch {
  readonly written: Promise<unknown>;
  readonly settle: (error: unknown) => void;
}

/** How many writes wait at most: as many as take no longer than a request should wait for them. */
const MOST_WAITING = 256;

export class Connection {
  readonly #database: Database.Database;
  /** Whether the database outlives the process, so that a write counts once it is in it. */
  readonly #isPersistent: boolean;
  readonly #begin: Database.Statement<[]>;
  readonly #commit: Database.Statement<[]>;
  #waiting: Waiting[] = [];
  #batch: Batch | undefined;
  /** `late` has made no statement but late writes, from the one numbered `#mark` on; `begun` has a transaction open. */
  #work: "none" | "late" | "begun" = "none";
  #mark = 0;
  #undone = 0;

  constructor(database: Database.Database, isPersistent: boolean) {
    this.#database = database;
    this.#isPersistent = isPersistent;
    this.#begin = database.prepare("BEGIN IMMEDIATE");
    this.#commit = database.prepare("COMMIT");
  }

  /** How many transactions were undone: what was remembered of them before is worth nothing now. */
  get undone(): number {
    return this.#undone;
  }

  prepare<Parameters extends unknown[], Row>(sql: string): Statement<Parameters, Row> {
    return new DirectStatement(this.#database.prepare<Parameters, Row>(sql), this.#expectDirect);
  }

  prepareLate<Parameters extends Value[]>(sql: string): LateWrite<Parameters> {
    const statement = this.#database.prepare<Value[]>(sql);
    return {
      run: (key, parameters) => {
        this.#waiting.push({ statement, key, parameters });
        if (this.#work === "begun") this.#makeWaiting();
        else if (this.#work === "none") this.#finish();
      },
    };
  }

  exec(sql: string): void {
    this.#expectDirect();
    this.#database.exec(sql);
  }

  /**
   * Runs `work` as one indivisible step; nested calls join the outer one. Whatever `work` throws undoes it all. What
   * was written is in the database, or, where that does not outlive the process, as good as in it.
   */
  transaction<Result>(work: () => Result): Result {
    if (this.#work !== "none") return work();
    const result = this.#attempt(work);
    this.#finish();
    return result;
  }

  /**
   * The same for a step whose late writes may wait for those of others. `written` settles once they are in the database,
   * or rejects when it would not take them: all is undone then. It is undefined when there is nothing to await.
   */
  transactionAwaitingOthers<Result>(work: () => Result): { result: Result; written: Promise<unknown> | undefined } {
    if (this.#work !== "none") return { result: work(), written: undefined };
    const result = this.#attempt(work);
    return { result, written: this.#finishWithOthers() };
  }

  /**
   * Makes the writes that wait, in one transaction; inside a transaction, that one does so at its end. Throws what the
   * database throws; they are undone then.
   */
  flush(): void {
    if (this.#waiting.length === 0 || this.#work !== "none") return;
    const batch = this.#batch;
    this.#batch = undefined;
    let failure: unknown;
    try {
      this.#begin.run();
      this.#makeWaiting();
      this.#commit.run();
    } catch (error) {
      failure = error;
      this.#undo();
      throw error;
    } finally {
      batch?.settle(failure);
    }
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.#database.close();
    }
  }

  #attempt<Result>(work: () => Result): Result {
    this.#work = "late";
    this.#mark = this.#waiting.length;
    try {
      const result = work();
      if (this.#isBegun) this.#commit.run();
      return result;
    } catch (error) {
      if (this.#isBegun) this.#undo();
      else if (this.#waiting.length > this.#mark) {
        this.#waiting.length = this.#mark;
        this.#undone += 1;
      }
      throw error;
    } finally {
      this.#work = "none";
    }
  }

  get #isBegun(): boolean {
    return this.#work === "begun";
  }

  /** Makes what waits before a statement is run at once; what the transaction at hand wrote becomes part of it. */
  readonly #expectDirect = (): void => {
    if (this.#work === "begun") return;
    if (this.#work === "none") {
      this.#flushForOthers();
      return;
    }
    const own = this.#waiting.splice(this.#mark);
    this.#work = "none";
    this.#flushForOthers();
    this.#work = "begun";
    this.#waiting = own;
    this.#begin.run();
    this.#makeWaiting();
  };

  /** What others wrote and the database does not take is theirs to hear of. */
  #flushForOthers(): void {
    try {
      this.flush();
    } catch (error) {
      if (!this.#isPersistent) throw error;
    }
  }

  #finish(): void {
    if (this.#isPersistent || this.#waiting.length >= MOST_WAITING) this.flush();
  }

  /** Has what waits made in time; answers what those who acknowledge it must await. */
  #finishWithOthers(): Promise<unknown> | undefined {
    if (!this.#isPersistent) this.#finish();
    if (!this.#isPersistent || this.#waiting.length === 0) return undefined;
    if (this.#batch === undefined) {
      this.#batch = newBatch();
      setImmediate(() => {
        this.#flushForOthers();
      });
    }
    return this.#batch.written;
  }

  #makeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 1) {
      for (const { statement, parameters } of waiting) statement.run(...parameters);
      return;
    }
    const last = new Map<string, Waiting>();
    for (const write of waiting) if (write.key !== undefined) last.set(write.key, write);
    for (const write of waiting) {
      const { statement, key, parameters } = write;
      if (key === undefined || last.get(key) === write) statement.run(...parameters);
    }
  }

  #undo(): void {
    this.#undone += 1;
    this.#waiting = [];
    if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
  }
}

class DirectStatement<Parameters extends unknown[], Row> implements Statement<Parameters, Row> {
  readonly #statement: Database.Statement<Parameters, Row>;
  readonly #before: () => void;

  constructor(statement: Database.Statement<Parameters, Row>, before: () => void) {
    this.#statement = statement;
    this.#before = before;
  }

  run(...parameters: Parameters): Database.RunResult {
    this.#before();
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

  raw(): this {
    this.#statement.raw();
    return this;
  }
}

function newBatch(): Batch {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  // Whoever acknowledges a write hears of a failure; where nobody does, there is nobody to tell.
  promise.catch(() => undefined);
  return {
    written: promise,
    settle: (error) => {
      if (error === undefined) resolve(undefined);
      else reject(error instanceof Error ? error : new Error(String(error)));
    },
  };
}
