/** Divides long work into short turns, between which the server serves other requests. */
import type { WallClock } from "./clock.ts";

/** How long one piece of work may keep other requests waiting, in real time; it goes on to the end of its step. */
const LONGEST_TURN_MS = 5;

/** Work that can pause at each `yield`, between its transactions. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

export class Turns {
  readonly #wall: Pick<WallClock, "now" | "nextTurn">;
  readonly #longestMs: number;
  #began: number;

  constructor(wall: Pick<WallClock, "now" | "nextTurn">, longestMs = LONGEST_TURN_MS) {
    this.#wall = wall;
    this.#longestMs = longestMs;
    this.#began = wall.now();
  }

  /** Whether the present turn has lasted long enough. */
  get isOver(): boolean {
    return this.#wall.now() - this.#began >= this.#longestMs;
  }

  /** Lets other requests go first if the present turn has lasted long enough; call it between two steps. */
  async pause(): Promise<void> {
    if (this.isOver) await this.#begin();
  }

  /** Runs all steps, from the next turn on, with a pause between two of them when a turn is over. */
  async run<Result>(work: Steps<Result>): Promise<Result> {
    await this.#begin();
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      if (this.isOver) await this.#begin();
    }
  }

  async #begin(): Promise<void> {
    await this.#wall.nextTurn();
    this.#began = this.#wall.now();
  }
}

/** Runs all steps without a pause. */
export function runAtOnce<Result>(work: Steps<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
