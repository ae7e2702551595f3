/**
 * Bounds the events that followers have not read, of all streams together. The stream with the most unread bytes is cut
 * off when there are too many.
 */
import type { MemoryBudget } from "../../platform/memory-budget.ts";

/** A stream with bytes that its reader has not taken. */
export interface UnreadStream {
  readonly unreadBytes: () => number;
  readonly cutOff: () => void;
}

export class UnreadEvents {
  readonly #most: number;
  readonly #streams = new Map<UnreadStream, number>();
  #bytes = 0;

  constructor(budget: MemoryBudget) {
    this.#most = budget.shareOf("followers");
    budget.measureBy("followers", () => this.#bytes);
  }

  /** Counts the unread bytes of a stream anew; call it after every write. */
  note(stream: UnreadStream): void {
    this.#count(stream, stream.unreadBytes());
    while (this.#bytes > this.#most) {
      const worst = this.#worst();
      if (worst === undefined) return;
      this.leave(worst);
      worst.cutOff();
    }
  }

  leave(stream: UnreadStream): void {
    this.#count(stream, 0);
    this.#streams.delete(stream);
  }

  #count(stream: UnreadStream, bytes: number): void {
    this.#bytes += bytes - (this.#streams.get(stream) ?? 0);
    this.#streams.set(stream, bytes);
  }

  /** Finds the stream with the most unread bytes, which are counted anew: readers may have taken some meanwhile. */
  #worst(): UnreadStream | undefined {
    let worst: UnreadStream | undefined;
    let most = 0;
    for (const stream of this.#streams.keys()) {
      const bytes = stream.unreadBytes();
      this.#count(stream, bytes);
      if (bytes > most) [worst, most] = [stream, bytes];
    }
    return this.#bytes > this.#most ? worst : undefined;
  }
}
