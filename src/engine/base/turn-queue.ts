/**
 * Gives the works that wait for a turn one turn of the event loop each, in order. Without it, all of them would continue
 * in the same turn, and requests would wait for the sum of their times.
 */
import { setImmediate } from "../../platform/real-timers.ts";

export class TurnQueue {
  readonly #waiting: (() => void)[] = [];

  /** Resolves in a later turn of the event loop, in which no other work of this queue continues. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#give);
    });
  }

  readonly #give = (): void => {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#give);
  };
}
