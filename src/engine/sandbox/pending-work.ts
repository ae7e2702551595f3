/**
 * Tracks work that has begun and takes real time: released replies that are not on the wire yet, and delivery attempts.
 * An advance of the clock waits for it, and a sandbox with pending work is not idle.
 */
import { setImmediate } from "../../platform/real-timers.ts";
import type { WallClock } from "../base/clock.ts";

/** One piece of pending work, by kind (`reply`, `delivery`) and public id. */
export interface PendingWork {
  readonly kind: string;
  readonly id: string;
  /** Row of the generation that it is about, if any. */
  readonly generation?: number | undefined;
  /** Ends the work as if its time were up, and returns whether it had begun; absent for work that cannot be ended. */
  readonly giveUp?: () => boolean;
}

/** The pending work of one sandbox. */
export class PendingWorkTracker {
  readonly #works = new Map<Promise<unknown>, PendingWork>();
  readonly #listeners = new Set<() => void>();

  get size(): number {
    return this.#works.size;
  }

  /** Counts work as pending until `ended` settles. */
  track(ended: Promise<unknown>, work: PendingWork): void {
    this.#works.set(ended, work);
    void ended.finally(() => {
      this.#works.delete(ended);
      for (const listener of this.#listeners) listener();
    });
  }

  all(): Iterable<PendingWork> {
    return this.#works.values();
  }

  /** Returns a promise for the end of all work about these generations, by row, that is pending now. */
  endOf(generations: ReadonlySet<number>): Promise<unknown> {
    const about = [...this.#works].filter(
      ([, { generation }]) => generation !== undefined && generations.has(generation),
    );
    return Promise.all(about.map(([ended]) => ended));
  }

  /** Calls back whenever a piece of work ends; call the result to stop. */
  onEnded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

export interface PendingWorkWaitParts {
  readonly pendingWork: PendingWorkTracker;
  readonly wall: WallClock;
  /** Ends every wait once it is aborted. */
  readonly ending: AbortSignal;
}

/** Waits for the work that one advance starts, instant after instant. */
export class PendingWorkWait {
  readonly #pending: PendingWorkTracker;
  readonly #wall: WallClock;
  readonly #ending: AbortSignal;
  readonly #guardMs: number;
  readonly #unsettled = new Set<PendingWork>();
  /** Work that the guard gave up on; it is not waited for again. */
  readonly #hanging = new Set<PendingWork>();

  /** `guardMs` is the real time without any progress after which the rest counts as hanging. */
  constructor({ pendingWork, wall, ending }: PendingWorkWaitParts, guardMs: number) {
    this.#pending = pendingWork;
    this.#wall = wall;
    this.#ending = ending;
    this.#guardMs = guardMs;
  }

  /**
   * Waits until all pending work has ended, or the guard runs out. Each end restarts the guard, which is for hanging
   * work. After that, work that can be given up is ended and counts as unsettled; the rest continues.
   */
  async untilEnded(): Promise<void> {
    await this.#endedWithinGuard();
    for (const work of this.#pending.all()) {
      if (work.giveUp?.() === true) this.#unsettled.add(work);
      this.#hanging.add(work);
    }
    // Work that was given up writes its end before the clock continues.
    if (this.#unsettled.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Returns the work that was given up, and the work that is still pending. */
  unsettled(): PendingWork[] {
    return [...new Set([...this.#unsettled, ...this.#pending.all()])];
  }

  /** Resolves when all work that does not hang has ended, when the guard runs out, or when the sandbox ends. */
  #endedWithinGuard(): Promise<void> {
    if (this.#onlyHangs()) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = (): void => {
        stopGuard();
        stopListening();
        this.#ending.removeEventListener("abort", finish);
        resolve();
      };
      let stopGuard = this.#wall.after(this.#guardMs, finish);
      const stopListening = this.#pending.onEnded(() => {
        stopGuard();
        if (this.#onlyHangs()) finish();
        else stopGuard = this.#wall.after(this.#guardMs, finish);
      });
      this.#ending.addEventListener("abort", finish, { once: true });
    });
  }

  #onlyHangs(): boolean {
    for (const work of this.#pending.all()) if (!this.#hanging.has(work)) return false;
    return true;
  }
}
