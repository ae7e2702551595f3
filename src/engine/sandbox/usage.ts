/** When a sandbox was last used, in real time, and how many stay with it: one that is idle for long may be dropped. */
import type { Instant, WallClock } from "../base/clock.ts";

export class Usage {
  readonly #wall: WallClock;
  #lastAt: Instant;
  #stayers = 0;

  constructor(wall: WallClock) {
    this.#wall = wall;
    this.#lastAt = wall.now();
  }

  get lastAt(): Instant {
    return this.#lastAt;
  }

  /** Whether a client stays, such as a follower of events, without asking for anything. */
  get hasStayers(): boolean {
    return this.#stayers > 0;
  }

  /** Notes that it is used now. */
  note(): void {
    this.#lastAt = this.#wall.now();
  }

  /** Counts a client that stays; call the answer when it leaves. */
  stay(): () => void {
    this.#stayers += 1;
    let isHere = true;
    return () => {
      if (!isHere) return;
      isHere = false;
      this.#stayers -= 1;
      this.note();
    };
  }
}
