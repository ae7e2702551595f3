/**
 * The scheduler only announces. It keeps what is due in one heap per sandbox clock (transitions, deadlines of held requests,
 * delivery attempts) and arms one real timer for the earliest. Every request settles its sandbox first, so an effect
 * is never later than the phase that a reader sees; the timer serves those who wait without asking.
 */
import TinyQueue from "tinyqueue";
import type { Instant, SandboxClock, WallClock } from "./clock.ts";

type DueKind = "transition" | "deadline" | "delivery";

/** What was done, and what remains to be done once that is kept. */
export interface Done {
  readonly finish: () => void;
  /** Whether anybody hears of it by what remains, so that it must outlive the process before. */
  readonly isHeard: boolean;
}

/** Something to do at an instant of the sandbox's clock. */
export interface DueWork {
  readonly at: Instant;
  readonly kind: DueKind;
  /** Public id of what it is about, for those who watch. */
  readonly id: string;
  /**
   * Does it, synchronously, inside the transaction of its instant. Answers undefined when there turned out to be
   * nothing to do (the plan changed since).
   */
  run(at: Instant): Done | undefined;
  /** Set when it no longer matters; a cancelled entry is dropped when it comes up. */
  cancelled?: boolean;
  /** Whether the plan has changed since, so that there would be nothing to do; asked only to show what is due. */
  isStale?(): boolean;
}

export interface Fired {
  readonly at: Instant;
  readonly kind: DueKind;
  readonly id: string;
}

/** How long a settlement that the store refused (a full disk, say) waits before the timer tries it again. */
const RETRY_MS = 1000;

interface Entry {
  readonly at: Instant;
  readonly order: number;
  readonly work: DueWork;
}

export class Scheduler {
  readonly #clock: SandboxClock;
  readonly #wall: WallClock;
  readonly #transaction: (work: () => boolean) => Promise<unknown> | undefined;
  readonly #onError: (error: unknown) => void;
  readonly #heap = new TinyQueue<Entry>([], (a, b) => a.at - b.at || a.order - b.order);
  #order = 0;
  #armedFor: Instant | undefined;
  #disarm: (() => void) | undefined;
  #settling = false;
  #closed = false;

  /**
   * `transaction` keeps what `work` does before it returns where `work` answers true; where not, its answer settles once
   * it is kept, or rejects when it is undone. `onError` hears of failures that no caller is there to hear of: those of
   * the timer.
   */
  constructor(
    clock: SandboxClock,
    wall: WallClock,
    transaction: (work: () => boolean) => Promise<unknown> | undefined,
    onError: (error: unknown) => void,
  ) {
    this.#onError = onError;
    this.#clock = clock;
    this.#wall = wall;
    this.#transaction = transaction;
  }

  /** How many entries wait, stale ones included. */
  get size(): number {
    return this.#heap.length;
  }

  schedule(work: DueWork): void {
    this.#order += 1;
    this.#heap.push({ at: work.at, order: this.#order, work });
    if (this.#armedFor === undefined || work.at < this.#armedFor) this.arm();
  }

  /** When the earliest work is due; undefined when there is none. */
  nextDue(): Instant | undefined {
    for (let entry = this.#heap.peek(); entry !== undefined; entry = this.#heap.peek()) {
      if (entry.work.cancelled !== true) return entry.at;
      this.#heap.pop();
    }
    return undefined;
  }

  /** The same for a person: without what a changed plan has left behind, which is dropped. Not within a transaction. */
  nextPlanned(): Instant | undefined {
    for (let due = this.nextDue(); due !== undefined; due = this.nextDue()) {
      if (this.#heap.peek()?.work.isStale?.() !== true) return due;
      this.#heap.pop();
    }
    return undefined;
  }

  /** Does all that is due by `now`, in order, one transaction per instant, and answers what was done. */
  settle(now: Instant): Fired[] {
    const earliest = this.#heap.peek();
    if (earliest === undefined || earliest.at > now || this.#settling || this.#closed) return [];
    this.#settling = true;
    const fired: Fired[] = [];
    try {
      for (let due = this.nextDue(); due !== undefined && due <= now; due = this.nextDue()) {
        for (const finish of this.#settleInstant(due, fired)) finish();
      }
    } finally {
      this.#settling = false;
      this.arm();
    }
    return fired;
  }

  /** Arms the one real timer for whatever is earliest now; call it when the clock's mode, rate or time changed. */
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
      // Timers may fire early or be cut short: what is not due yet is armed for again.
      if (this.settle(this.#clock.now()).length === 0) this.arm();
    } catch (error) {
      this.#tryAgain(error);
    }
  }

  /** What was refused stays due; nobody asks for it but the timer. */
  #tryAgain(error: unknown): void {
    this.#onError(error);
    if (this.#closed) return;
    this.#disarm?.();
    this.#disarm = this.#wall.after(RETRY_MS, () => {
      this.#fire();
    });
  }

  /** Forgets everything. */
  clear(): void {
    while (this.#heap.length > 0) this.#heap.pop();
    this.arm();
  }

  close(): void {
    this.#disarm?.();
    this.#disarm = undefined;
    this.#closed = true;
  }

  #settleInstant(due: Instant, fired: Fired[]): (() => void)[] {
    const afterwards: (() => void)[] = [];
    const done: Fired[] = [];
    const entries: Entry[] = [];
    try {
      const kept = this.#transaction(() => {
        let isHeard = false;
        for (let entry = this.#heap.peek(); entry?.at === due; entry = this.#heap.peek()) {
          this.#heap.pop();
          if (entry.work.cancelled === true) continue;
          entries.push(entry);
          const result = entry.work.run(due);
          if (result === undefined) continue;
          done.push({ at: due, kind: entry.work.kind, id: entry.work.id });
          afterwards.push(result.finish);
          isHeard ||= result.isHeard;
        }
        return isHeard;
      });
      kept?.catch((error: unknown) => {
        for (const entry of entries) this.#heap.push(entry);
        this.#tryAgain(error);
      });
    } catch (error) {
      // Nothing of this instant happened (a full disk, say): it stays due, and whoever asked is told.
      for (const entry of entries) this.#heap.push(entry);
      throw error;
    }
    fired.push(...done);
    return afterwards;
  }
}
