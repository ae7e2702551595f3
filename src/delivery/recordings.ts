/** Records the ends of attempts in turns, because the answers of hundreds of receivers may arrive at once. */
import type { WallClock } from "../engine/base/clock.ts";
import { Turns } from "../engine/base/turns.ts";
import { setImmediate } from "../platform/real-timers.ts";

export class Recordings {
  readonly #wall: WallClock;
  #waiting: (() => void)[] = [];
  #isRunning = false;

  constructor(wall: WallClock) {
    this.#wall = wall;
  }

  /** Calls `record` at once, or after those before it; it must not throw. */
  push(record: () => void): void {
    this.#waiting.push(record);
    if (!this.#isRunning) this.#run();
  }

  readonly #run = (): void => {
    this.#isRunning = true;
    const turns = new Turns(this.#wall);
    const waiting = this.#waiting;
    this.#waiting = [];
    let done = 0;
    while (done < waiting.length && !turns.isOver) {
      waiting[done]?.();
      done += 1;
    }
    this.#waiting = [...waiting.slice(done), ...this.#waiting];
    // The others of this turn of the event loop wait too, also if these took no time.
    setImmediate(() => {
      if (this.#waiting.length === 0) this.#isRunning = false;
      else this.#run();
    });
  };
}
