/**
 * Tracks when a sandbox was last used, in real time, and how many clients stay connected; a long-idle one may be
 * deleted.
 */
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

  /** Whether a client stays connected without sending requests, such as a follower of events. */
  get hasStayers(): boolean {
    return this.#stayers > 0;
  }

  /** Records that the sandbox is used now. */
  note(): void {
    this.#lastAt = this.#wall.now();
  }

  /** Counts a client that stays; call the result when it leaves. */
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
