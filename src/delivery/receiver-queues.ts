/**
 * The order in which deliveries go out: one lane per receiver, in which the next begins when the one before it was
 * answered, or has been under way for a while, so that a receiver is told things in order and a slow one keeps nobody
 * else waiting, not even long those behind it.
 */
import type { WallClock } from "../engine/base/clock.ts";

/** How long the head of a lane keeps the next one waiting. Its bytes have long arrived by then. */
const PATIENCE_MS = 250;

/** Attempts under way at once, in all lanes: each takes a socket. */
const MOST_UNDER_WAY = 512;

interface Lane {
  readonly queue: (() => Promise<void>)[];
  isBusy: boolean;
}

export class Lanes {
  readonly #wall: WallClock;
  readonly #lanes = new Map<string, Lane>();
  readonly #stalled = new Set<string>();
  #underWay = 0;
  #isOpen = true;

  constructor(wall: WallClock) {
    this.#wall = wall;
  }

  /** Puts an attempt at the end of a lane. `begin` must not reject. */
  push(name: string, begin: () => Promise<void>): void {
    let lane = this.#lanes.get(name);
    if (lane === undefined) this.#lanes.set(name, (lane = { queue: [], isBusy: false }));
    lane.queue.push(begin);
    this.#advance(name, lane);
  }

  /** Lets nothing begin until it is opened again. */
  close(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    for (const [name, lane] of [...this.#lanes]) this.#advance(name, lane);
  }

  #advance(name: string, lane: Lane): void {
    if (lane.isBusy || !this.#isOpen) return;
    if (this.#underWay >= MOST_UNDER_WAY) {
      this.#stalled.add(name);
      return;
    }
    const begin = lane.queue.shift();
    if (begin === undefined) {
      this.#lanes.delete(name);
      return;
    }
    lane.isBusy = true;
    this.#underWay += 1;
    let isPassed = false;
    const pass = (): void => {
      if (isPassed) return;
      isPassed = true;
      stopPatience();
      lane.isBusy = false;
      this.#advance(name, lane);
    };
    const stopPatience = this.#wall.after(PATIENCE_MS, pass);
    void begin().finally(() => {
      this.#underWay -= 1;
      pass();
      this.#wake();
    });
  }

  #wake(): void {
    for (const name of this.#stalled) {
      if (this.#underWay >= MOST_UNDER_WAY) return;
      this.#stalled.delete(name);
      const lane = this.#lanes.get(name);
      if (lane !== undefined) this.#advance(name, lane);
    }
  }
}
