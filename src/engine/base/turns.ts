/** Divides long work into turns, between which the server serves other requests. */
import { setImmediate } from "../../platform/real-timers.ts";
import type { WallClock } from "./clock.ts";

/** How long one piece of work may keep other requests waiting, in real time. */
const LONGEST_TURN_MS = 5;

export class Turns {
  readonly #wall: WallClock;
  #began: number;

  constructor(wall: WallClock) {
    this.#wall = wall;
    this.#began = wall.now();
  }

  /** Whether the present turn has lasted long enough. */
  get isOver(): boolean {
    return this.#wall.now() - this.#began >= LONGEST_TURN_MS;
  }

  /** Lets other requests go first if the present turn has lasted long enough; call it between two steps. */
  async pause(): Promise<void> {
    if (!this.isOver) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#began = this.#wall.now();
  }
}
