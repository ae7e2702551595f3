/**
 * Requests that are held open: until their generation ends, or because a fault delays them. A waiter is a callback
 * parked under its generation; it is called exactly once, by the first of: the end of the generation, its deadline on
 * the sandbox's clock, its client going away, a reset, or shutdown. Nothing here polls.
 */
import type { Instant } from "../base/clock.ts";
import type { DueWork, Scheduler } from "../base/scheduler.ts";

export type Release = "ended" | "deadline" | "gone" | "reset" | "shutdown";

/** What a request waits for: the end of its generation, the end of a delay, or nothing at all. */
export type WaiterKind = "end" | "latency" | "forever";

export interface Waiter {
  /** Small whole number, unique in its sandbox since the process began. */
  readonly id: number;
  readonly kind: WaiterKind;
  readonly vendor: string;
  /** Public id of the generation; empty for a request that is about none. */
  readonly generationId: string;
  /** What the waiter is parked under: the generation's row, or a number that no row has. */
  readonly rowId: number;
  readonly label: string | null;
  readonly account: string;
  readonly since: Instant;
  /** Undefined for one that no time ends. */
  readonly deadline: Instant | undefined;
  /** Ends the wait; later calls do nothing. */
  readonly release: (reason: Release) => void;
}

export type WaiterSubject = Pick<Waiter, "vendor" | "generationId" | "rowId" | "label" | "account"> &
  Partial<Pick<Waiter, "kind">>;

export class Waiters {
  readonly #scheduler: Scheduler;
  readonly #byGeneration = new Map<number, Set<Waiter>>();
  readonly #onChange: (waiter: Waiter, release: Release | undefined) => void;
  #count = 0;
  #lastId = 0;

  constructor(scheduler: Scheduler, onChange: (waiter: Waiter, release: Release | undefined) => void) {
    this.#scheduler = scheduler;
    this.#onChange = onChange;
  }

  get count(): number {
    return this.#count;
  }

  /** How many wait under one generation. */
  countOf(rowId: number): number {
    return this.#byGeneration.get(rowId)?.size ?? 0;
  }

  all(): Waiter[] {
    return [...this.#byGeneration.values()].flatMap((waiters) => [...waiters]);
  }

  /**
   * Parks a waiter until `deadline` of the sandbox's clock at the latest. `onRelease` runs synchronously with what
   * ends the wait, so it still sees the state of that moment, a reset's included.
   */
  hold(
    subject: WaiterSubject,
    since: Instant,
    deadline: Instant | undefined,
    onRelease: (reason: Release) => void,
  ): Waiter {
    this.#lastId += 1;
    const due: DueWork = {
      at: deadline ?? Number.POSITIVE_INFINITY,
      kind: "deadline",
      id: subject.generationId,
      run: () => ({
        finish: () => {
          release("deadline");
        },
        // What it is told follows from the timeline, and not from anything that was written.
        isHeard: false,
      }),
    };
    const release = (reason: Release): void => {
      if (due.cancelled === true) return;
      due.cancelled = true;
      this.#forget(waiter);
      onRelease(reason);
      this.#onChange(waiter, reason);
    };
    const waiter: Waiter = { kind: "end", ...subject, id: this.#lastId, since, deadline, release };
    let siblings = this.#byGeneration.get(subject.rowId);
    if (siblings === undefined) this.#byGeneration.set(subject.rowId, (siblings = new Set()));
    siblings.add(waiter);
    this.#count += 1;
    if (deadline !== undefined) this.#scheduler.schedule(due);
    this.#onChange(waiter, undefined);
    return waiter;
  }

  releaseOf(rowId: number, reason: Release): void {
    const waiters = this.#byGeneration.get(rowId);
    if (waiters === undefined) return;
    for (const waiter of [...waiters]) waiter.release(reason);
  }

  releaseAll(reason: Release): void {
    for (const waiter of this.all()) waiter.release(reason);
  }

  #forget(waiter: Waiter): void {
    const siblings = this.#byGeneration.get(waiter.rowId);
    if (siblings?.delete(waiter) !== true) return;
    this.#count -= 1;
    if (siblings.size === 0) this.#byGeneration.delete(waiter.rowId);
  }
}
