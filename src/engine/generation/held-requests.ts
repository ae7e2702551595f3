/**
 * Keeps requests open until their generation ends, or while a fault delays them. A held request is a callback stored
 * under its generation. It is called exactly once, by the first of these events: the end or deletion of
 * the generation, its deadline on the sandbox's clock, a closed connection, a reset, a deletion of the sandbox, or a
 * shutdown. Nothing here polls.
 */
import { queueMicrotask } from "../../platform/real-timers.ts";
import type { Instant, SandboxClock } from "../base/clock.ts";
import type { SandboxEvents } from "../base/events.ts";
import type { DueWork, Scheduler } from "../base/scheduler.ts";

export type Release = "ended" | "deadline" | "gone" | "reset" | "shutdown";

/** What a request waits for: the end of its generation, the end of a delay, or nothing (it stays open). */
type HeldRequestKind = "end" | "latency" | "forever";

export interface HeldRequest {
  /** Small whole number, unique in its sandbox since the process began. */
  readonly id: number;
  readonly kind: HeldRequestKind;
  readonly vendor: string;
  /** Public id of the generation; empty for a request that is not about a generation. */
  readonly generationId: string;
  /** Key that it is stored under: the generation's row, or a number that no row has. */
  readonly rowId: number;
  readonly label: string | null;
  readonly account: string;
  readonly since: Instant;
  /** Undefined when the wait has no time limit. */
  readonly deadline: Instant | undefined;
  /** Ends the wait; later calls do nothing. */
  readonly release: (reason: Release) => void;
}

export type HeldRequestSubject = Pick<HeldRequest, "vendor" | "generationId" | "rowId" | "label" | "account"> &
  Partial<Pick<HeldRequest, "kind">>;

export interface HeldRequestsParts {
  readonly scheduler: Scheduler;
  readonly clock: SandboxClock;
  readonly events: SandboxEvents;
}

export class HeldRequests {
  readonly #scheduler: Scheduler;
  readonly #clock: SandboxClock;
  readonly #events: SandboxEvents;
  readonly #byGeneration = new Map<number, Set<HeldRequest>>();
  #isClosed = false;
  #count = 0;
  #lastId = 0;

  constructor({ scheduler, clock, events }: HeldRequestsParts) {
    this.#scheduler = scheduler;
    this.#clock = clock;
    this.#events = events;
  }

  get count(): number {
    return this.#count;
  }

  /** Returns the number of requests held under one generation. */
  countOf(rowId: number): number {
    return this.#byGeneration.get(rowId)?.size ?? 0;
  }

  all(): HeldRequest[] {
    return [...this.#byGeneration.values()].flatMap((heldRequests) => [...heldRequests]);
  }

  /**
   * Holds a request until `deadline` of the sandbox's clock at the latest. `onRelease` runs synchronously when the wait
   * ends, so it sees the state of that moment, also before a reset.
   */
  hold(
    subject: HeldRequestSubject,
    since: Instant,
    deadline: Instant | undefined,
    onRelease: (reason: Release) => void,
  ): HeldRequest {
    this.#lastId += 1;
    const due: DueWork = {
      at: deadline ?? Number.POSITIVE_INFINITY,
      kind: "deadline",
      id: subject.generationId,
      run: () => ({
        finish: () => {
          release("deadline");
        },
        // The released answer follows from the timeline, not from anything that was written.
        isHeard: false,
      }),
    };
    const release = (reason: Release): void => {
      if (due.cancelled === true) return;
      due.cancelled = true;
      if (planned !== undefined) this.#scheduler.cancel(planned);
      this.#forget(held);
      onRelease(reason);
      this.#publish(held, reason);
    };
    const held: HeldRequest = { kind: "end", ...subject, id: this.#lastId, since, deadline, release };
    let siblings = this.#byGeneration.get(subject.rowId);
    if (siblings === undefined) this.#byGeneration.set(subject.rowId, (siblings = new Set()));
    siblings.add(held);
    this.#count += 1;
    const planned = deadline === undefined ? undefined : this.#scheduler.schedule(due);
    this.#publish(held, undefined);
    // Nothing would end its wait any more: the timer has stopped.
    if (this.#isClosed)
      queueMicrotask(() => {
        release("shutdown");
      });
    return held;
  }

  /** Ends every wait, and from now on each new one at once. */
  close(): void {
    this.#isClosed = true;
    this.releaseAll("shutdown");
  }

  releaseOf(rowId: number, reason: Release): void {
    const heldRequests = this.#byGeneration.get(rowId);
    if (heldRequests === undefined) return;
    for (const held of [...heldRequests]) held.release(reason);
  }

  releaseAll(reason: Release): void {
    for (const held of this.all()) held.release(reason);
  }

  #publish(held: HeldRequest, release: Release | undefined): void {
    if (!this.#events.isFollowed) return;
    const { vendor, generationId, id, account, label, kind, since, deadline } = held;
    this.#events.publish({
      kind: release === undefined ? "waiter.held" : "waiter.released",
      at: this.#clock.now(),
      vendor,
      generationId,
      id,
      account,
      label,
      waitsFor: kind,
      since: new Date(since),
      deadline: deadline === undefined ? null : new Date(deadline),
      ...(release && { release }),
    });
  }

  #forget(held: HeldRequest): void {
    const siblings = this.#byGeneration.get(held.rowId);
    if (siblings?.delete(held) !== true) return;
    this.#count -= 1;
    if (siblings.size === 0) this.#byGeneration.delete(held.rowId);
  }
}
