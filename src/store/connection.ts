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

/** The late writes of one transaction, which are made or undone as one. */
interface Step {
  readonly writes: readonly Waiting[];
  /** Undefined where nobody awaits them. */
  readonly end: PromiseWithResolvers<undefined> | undefined;
}

/** How many transactions wait at most: as many as take no longer than a request should wait for them. */
const MOST_WAITING = 256;

export class Connection {
  readonly #database: Database.Database;
  /** Whether the database outlives the process, so that a write counts once it is in it. */
  readonly #isPersistent: boolean;
  readonly #begin: Database.Statement<[]>;
  readonly #commit: Database.Statement<[]>;
  #waiting: Step[] = [];
  /** `late` has made no statement but late writes; `begun` has a transaction open. */
  #state: "idle" | "late" | "begun" = "idle";
  /** Late writes of the transaction at hand. */
  #own: Waiting[] = [];
  /** Whether this turn of the event loop makes at its end what waits. */
  #isExpected = false;
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
        if (this.#state === "begun") statement.run(...parameters);
        else if (this.#state === "late") this.#own.push({ statement, key, parameters });
        else this.transaction(() => this.#own.push({ statement, key, parameters }));
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
    if (this.#state !== "idle") return work();
    const { result } = this.#attempt(work, false);
    if (this.#isPersistent || this.#waiting.length >= MOST_WAITING) this.flush();
    return result;
  }

  /**
   * The same for a step whose late writes may wait for those of others. `written` settles once they are in the database,
   * or rejects when it would not take them: all is undone then. It is undefined when there is nothing to await.
   */
  transactionAwaitingOthers<Result>(work: () => Result): { result: Result; written: Promise<unknown> | undefined } {
    if (this.#state !== "idle") return { result: work(), written: undefined };
    const { result, written } = this.#attempt(work, this.#isPersistent);
    if (this.#waiting.length >= MOST_WAITING) this.flush();
    else if (written !== undefined && !this.#isExpected) {
      this.#isExpected = true;
      setImmediate(() => {
        this.#isExpected = false;
        this.flush();
      });
    }
    return { result, written };
  }

  /**
   * Makes the writes that wait; inside a transaction, that one does so at its end. Those that the database does not take
   * are undone, which whoever awaits them hears of; throws where nobody does.
   */
  flush(): void {
    if (this.#state === "idle") this.#makeWaiting();
  }

  close(): void {
    try {
      this.flush();
    } finally {
      this.#database.close();
    }
  }

  #attempt<Result>(work: () => Result, isAwaited: boolean): { result: Result; written: Promise<unknown> | undefined } {
    this.#state = "late";
    try {
      const result = work();
      if (this.#hasBegun()) this.#commit.run();
      if (this.#own.length === 0) return { result, written: undefined };
      const end = isAwaited ? Promise.withResolvers<undefined>() : undefined;
      // Who acknowledges a write hears of a failure; where nobody does, there is nobody to tell.
      end?.promise.catch(() => undefined);
      this.#waiting.push({ writes: this.#own, end });
      return { result, written: end?.promise };
    } catch (error) {
      if (this.#hasBegun()) this.#undo();
      else if (this.#own.length > 0) this.#undone += 1;
      throw error;
    } finally {
      this.#state = "idle";
      this.#own = [];
    }
  }

  /** Asked by a function, because what runs in between changes it. */
  #hasBegun(): boolean {
    return this.#state === "begun";
  }

  /** Makes what waits before a statement is run at once; what the transaction at hand wrote becomes part of it. */
  readonly #expectDirect = (): void => {
    if (this.#state === "begun") return;
    this.#makeWaiting();
    if (this.#state === "idle") return;
    const own = this.#own;
    this.#own = [];
    this.#state = "begun";
    this.#begin.run();
    for (const { statement, parameters } of own) statement.run(...parameters);
  };

  #makeWaiting(): void {
    if (this.#waiting.length === 0) return;
    const steps = this.#waiting;
    this.#waiting = [];
    const refusal = this.#make(steps);
    let unheard: Error | undefined;
    for (const step of steps) {
      // One of several may be at fault, or all are (a full disk): then each is made for itself.
      const error = refusal === undefined || steps.length === 1 ? refusal : this.#make([step]);
      if (error === undefined) step.end?.resolve(undefined);
      else if (step.end !== undefined) step.end.reject(error);
      else unheard ??= error;
    }
    if (unheard !== undefined) throw unheard;
  }

  /** Makes the writes of steps in one transaction; answers why the database did not take them. */
  #make(steps: readonly Step[]): Error | undefined {
    try {
      this.#begin.run();
      const last = new Map<string, Waiting>();
      for (const { writes } of steps)
        for (const write of writes) if (write.key !== undefined) last.set(write.key, write);
      for (const { writes } of steps)
        for (const write of writes)
          if (write.key === undefined || last.get(write.key) === write) write.statement.run(...write.parameters);
      this.#commit.run();
      return undefined;
    } catch (error) {
      this.#undo();
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #undo(): void {
    this.#undone += 1;
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
