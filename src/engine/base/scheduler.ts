/**
 * Runs the due work of one sandbox clock: transitions, deadlines of held requests and delivery attempts. It keeps them
 * in one heap and arms one real timer for the earliest. Every request settles its sandbox first, so no effect is later
 * than the phase that a reader sees; the timer serves clients that wait without sending requests.
 */
import { UnreadableRow } from "../../store/unreadable-row.ts";
import type { Instant, SandboxClock, WallClock } from "./clock.ts";
import { DueHeap, type DueEntry } from "./due-heap.ts";
import { Turns } from "./turns.ts";

type DueKind = "transition" | "deadline" | "delivery";

/** The result of due work: what remains to be done once its transaction is stored. */
export interface Done {
  readonly finish: () => void;
  /** Whether `finish` reports the work to a client, so that the work must be stored durably before. */
  readonly isHeard: boolean;
}

/** Work that is due at an instant of the sandbox's clock. */
export interface DueWork {
  readonly at: Instant;
  readonly kind: DueKind;
  /** The public id of the subject, which the reports of fired work show. */
  readonly id: string;
  /**
   * Does the work synchronously, inside the transaction of its instant. Returns undefined when nothing is left to do,
   * because the plan has changed since.
   */
  run(at: Instant): Done | undefined;
  /** Set when the work is no longer needed; the scheduler drops a cancelled entry when its turn comes. */
  cancelled?: boolean;
  /** Whether the plan has changed since, so that nothing is left to do; used only to show what is due. */
  isStale?(): boolean;
}

export interface Fired {
  readonly at: Instant;
  readonly kind: DueKind;
  readonly id: string;
}

/** How long the timer waits before it retries a settlement that the store refused (a full disk, for example). */
const RETRY_MS = 1000;

/** The most work of one instant in one transaction; the rest of a larger instant follows in others. */
const MOST_PER_TRANSACTION = 128;

/** Work that the scheduler has planned. */
export type PlannedWork = DueEntry<DueWork>;

/** The transactions of the scheduler's sandbox. */
export interface SchedulerTransactions {
  /**
   * Runs `work`. If `work` returns true, its writes are stored before `run` returns. If it returns false, `run` returns
   * a promise that resolves when they are stored, and rejects when they are undone.
   */
  readonly run: (work: () => boolean) => Promise<unknown> | undefined;
  /** Whether the caller is inside a transaction, which the work then joins. */
  readonly isOpen: () => boolean;
  /** Calls `stored` once the open transaction is stored, and `undone` when it is undone. */
  readonly whenEnded: (stored: () => void, undone: () => void) => void;
}

export interface SchedulerParts {
  readonly clock: SandboxClock;
  readonly wall: WallClock;
  readonly transactions: SchedulerTransactions;
  /** Receives failures of the timer, which have no caller. */
  readonly onError: (error: unknown) => void;
}

/** The work of one instant that was run, or of several instants that share a transaction. */
interface Run {
  readonly entries: PlannedWork[];
  readonly fired: Fired[];
  readonly finishes: (() => void)[];
}

export class Scheduler {
  readonly #clock: SandboxClock;
  readonly #wall: WallClock;
  readonly #transactions: SchedulerTransactions;
  readonly #onError: (error: unknown) => void;
  readonly #heap = new DueHeap<DueWork>();
  #order = 0;
  #armedFor: Instant | undefined;
  #disarm: (() => void) | undefined;
  #settling = false;
  #closed = false;

  constructor({ clock, wall, transactions, onError }: SchedulerParts) {
    this.#onError = onError;
    this.#clock = clock;
    this.#wall = wall;
    this.#transactions = transactions;
  }

  /** The number of entries in the heap, stale ones included. */
  get size(): number {
    return this.#heap.length;
  }

  /**
   * Plans work; pass the result to {@link cancel} if it is no longer needed. If the open transaction is undone, the work
   * is cancelled.
   */
  schedule(work: DueWork): PlannedWork {
    this.#order += 1;
    const planned: PlannedWork = { at: work.at, order: this.#order, work, place: -1 };
    if (this.#transactions.isOpen())
      this.#transactions.whenEnded(
        () => undefined,
        () => {
          this.cancel(planned);
        },
      );
    this.#heap.push(planned);
    if (this.#armedFor === undefined || work.at < this.#armedFor) this.arm();
    return planned;
  }

  /** Drops work that is no longer needed; it is not run, and nothing of it stays in memory. */
  cancel(planned: PlannedWork): void {
    planned.work.cancelled = true;
    this.#heap.remove(planned);
  }

  /** Whether work is due by an instant. */
  isDue(now: Instant): boolean {
    const earliest = this.#heap.peek();
    return earliest !== undefined && earliest.at <= now && !this.#closed;
  }

  /** Returns the instant of the earliest due work; undefined when the heap is empty. */
  nextDue(): Instant | undefined {
    for (let entry = this.#heap.peek(); entry !== undefined; entry = this.#heap.peek()) {
      if (entry.work.cancelled !== true) return entry.at;
      this.#heap.pop();
    }
    return undefined;
  }

  /**
   * Returns the instant of the earliest work that is still planned, and drops stale entries. Do not call it within a
   * transaction.
   */
  nextPlanned(): Instant | undefined {
    for (let due = this.nextDue(); due !== undefined; due = this.nextDue()) {
      if (this.#heap.peek()?.work.isStale?.() !== true) return due;
      this.#heap.pop();
    }
    return undefined;
  }

  /**
   * Runs all work due by `now`, in order, one transaction per instant, and returns what ran. Inside a transaction, all of
   * it joins that: when it is undone, all work is due again. If `turns` is given, it stops when the present turn is over;
   * the rest is still due.
   */
  settle(now: Instant, turns?: Turns): Fired[] {
    const earliest = this.#heap.peek();
    if (earliest === undefined || earliest.at > now || this.#settling || this.#closed) return [];
    this.#settling = true;
    try {
      return this.#transactions.isOpen() ? this.#settleJoined(now) : this.#settleAlone(now, turns);
    } finally {
      this.#settling = false;
      this.arm();
    }
  }

  #settleAlone(now: Instant, turns: Turns | undefined): Fired[] {
    const fired: Fired[] = [];
    for (let due = this.nextDue(); due !== undefined && due <= now; due = this.nextDue()) {
      const run = this.#settleInstant(due);
      for (const each of run.fired) fired.push(each);
      for (const finish of run.finishes) finish();
      if (turns?.isOver === true) break;
    }
    return fired;
  }

  #settleJoined(now: Instant): Fired[] {
    const run: Run = { entries: [], fired: [], finishes: [] };
    this.#transactions.whenEnded(
      () => {
        this.#finishJoined(run, now);
      },
      () => {
        this.#putBack(run);
        this.arm();
      },
    );
    try {
      for (let due = this.nextDue(); due !== undefined && due <= now; due = this.nextDue()) {
        this.#runInstant(due, run);
        // The rest follows once this transaction is stored.
        if (run.entries.length >= MOST_PER_TRANSACTION) break;
      }
    } catch (error) {
      if (error instanceof UnreadableRow) this.#dropUnreadable(run, error);
      throw error;
    }
    return run.fired;
  }

  /** Ends work whose transaction is stored. What it has made due in turn is not the caller's, so its errors are not. */
  #finishJoined({ finishes, fired }: Run, now: Instant): void {
    for (const finish of finishes) finish();
    try {
      for (const each of this.settle(now)) fired.push(each);
    } catch (error) {
      this.#tryAgain(error);
    }
  }

  /** Arms the real timer for the earliest work; call it after the clock's mode, rate or time changed. */
  arm(): void {
    if (this.#settling || this.#closed) return;
    this.#disarm?.();
    this.#disarm = undefined;
    this.#armedFor = this.nextDue();
    if (this.#armedFor === undefined) return;
    const delay = this.#clock.realDelayUntil(this.#armedFor);
    if (delay === undefined) return;
    this.#disarm = this.#wall.after(delay, () => {
      this.#fire();
    });
  }

  #fire(): void {
    this.#armedFor = undefined;
    try {
      this.#settleSome(this.#clock.now());
    } catch (error) {
      this.#tryAgain(error);
    }
  }

  /**
   * Runs work that is due by `now`, instant after instant, for a short time, and arms the timer for the rest: much may be
   * due after a restart or a suspension. A timer may also fire early; it is then armed again.
   */
  #settleSome(now: Instant): void {
    this.settle(now, new Turns(this.#wall));
    this.arm();
  }

  /**
   * Reports the failure and arms the timer to retry, since the refused work stays due and no request may come for it.
   */
  #tryAgain(error: unknown): void {
    this.#onError(error);
    if (this.#closed) return;
    this.#disarm?.();
    this.#disarm = this.#wall.after(RETRY_MS, () => {
      this.#fire();
    });
  }

  /** Removes every entry. */
  clear(): void {
    this.#heap.clear();
    this.arm();
  }

  close(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    this.#closed = true;
  }

  /** Runs the work of an instant in a transaction of its own. */
  #settleInstant(due: Instant): Run {
    const run: Run = { entries: [], fired: [], finishes: [] };
    try {
      const kept = this.#transactions.run(() => this.#runInstant(due, run));
      kept?.catch((error: unknown) => {
        this.#putBack(run);
        this.#tryAgain(error);
      });
      return run;
    } catch (error) {
      const isDamaged = error instanceof UnreadableRow;
      if (isDamaged) this.#dropUnreadable(run, error);
      // Nothing of this instant happened (the disk is full, for example): it stays due, and the caller gets the error.
      this.#putBack(run);
      if (isDamaged) return { entries: [], fired: [], finishes: [] };
      throw error;
    }
  }

  /** Runs the work of an instant; returns whether a client hears of it. */
  #runInstant(due: Instant, { entries, fired, finishes }: Run): boolean {
    let isHeard = false;
    for (let entry = this.#heap.peek(); entry?.at === due; entry = this.#heap.peek()) {
      if (entries.length >= MOST_PER_TRANSACTION) break;
      this.#heap.pop();
      if (entry.work.cancelled === true) continue;
      entries.push(entry);
      const result = entry.work.run(due);
      if (result === undefined) continue;
      fired.push({ at: due, kind: entry.work.kind, id: entry.work.id });
      finishes.push(result.finish);
      isHeard ||= result.isHeard;
    }
    return isHeard;
  }

  /** Drops the latest work, which met a row that only damage from outside makes: it could never run. */
  #dropUnreadable({ entries }: Run, error: UnreadableRow): void {
    entries.pop();
    this.#onError(error);
  }

  #putBack({ entries }: Run): void {
    for (const entry of entries.splice(0)) this.#heap.push(entry);
  }
}
