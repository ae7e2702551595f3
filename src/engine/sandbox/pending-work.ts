/**
 * Work that was begun and takes real time: replies that were let go and are not on the wire yet, attempts of deliveries.
 * An advance of the clock stops for it, and a sandbox that has some is not idle.
 */
import type { WallClock } from "../base/clock.ts";

/** One piece of it, by kind (`reply`, `delivery`) and public id. */
export interface PendingWork {
  readonly kind: string;
  readonly id: string;
  /** Row of the generation that it is about, where it is about one. */
  readonly generation?: number | undefined;
  /** Ends it as if its time were up, and says whether it had begun; absent for what cannot be ended. */
  readonly giveUp?: () => boolean;
}

/** What is pending in one sandbox. */
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

  /** Settles when all that is pending now about these generations, by row, has ended. */
  endOf(generations: ReadonlySet<number>): Promise<unknown> {
    const about = [...this.#works].filter(
      ([, { generation }]) => generation !== undefined && generations.has(generation),
    );
    return Promise.all(about.map(([ended]) => ended));
  }

  /** Calls back whenever some of it has ended; the answer stops it. */
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

/** How one advance waits for what it set off, instant after instant. */
export class PendingWorkWait {
  readonly #pending: PendingWorkTracker;
  readonly #wall: WallClock;
  readonly #ending: AbortSignal;
  readonly #guardMs: number;
  readonly #unsettled = new Set<PendingWork>();
  /** What was waited for in vain, and is waited for no more. */
  readonly #hanging = new Set<PendingWork>();

  /** `guardMs` is for how much real time nothing may end before the rest is held to hang. */
  constructor({ pendingWork, wall, ending }: PendingWorkWaitParts, guardMs: number) {
    this.#pending = pendingWork;
    this.#wall = wall;
    this.#ending = ending;
    this.#guardMs = guardMs;
  }

  /**
   * Waits until all that is pending has ended, or the guard runs out: it is for what hangs, so whatever ends winds it up
   * again. What can be given up then is, and is unsettled; the rest goes on.
   */
  async untilEnded(): Promise<void> {
    await this.#endedWithinGuard();
    for (const work of this.#pending.all()) {
      if (work.giveUp?.() === true) this.#unsettled.add(work);
      this.#hanging.add(work);
    }
    // What was given up writes its end before the clock goes on.
    if (this.#unsettled.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lists what was given up, and what is still pending. */
  unsettled(): PendingWork[] {
    return [...new Set([...this.#unsettled, ...this.#pending.all()])];
  }

  /** Settles when all but what hangs has ended, when nothing has for the time of the guard, or with the sandbox. */
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
