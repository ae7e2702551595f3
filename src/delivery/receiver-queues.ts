/**
 * Orders deliveries: one queue per receiver. The next attempt begins when the one before it was answered, or has run
 * for a while. So a receiver gets its deliveries in order, and a slow receiver delays no other one, and its own queue
 * only briefly.
 */
import type { WallClock } from "../engine/base/clock.ts";

/** How long the first attempt of a queue delays the next one. Its bytes have arrived by then. */
const HEAD_OF_LINE_MS = 250;

/** The most attempts at once, over all queues; each takes a socket. */
const MOST_UNDER_WAY = 512;

interface ReceiverQueue {
  readonly waiting: (() => Promise<void>)[];
  isBusy: boolean;
}

export class ReceiverQueues {
  readonly #wall: WallClock;
  readonly #queues = new Map<string, ReceiverQueue>();
  readonly #stalled = new Set<string>();
  #underWay = 0;
  #isOpen = true;

  constructor(wall: WallClock) {
    this.#wall = wall;
  }

  /** Appends an attempt to a queue. `begin` must not reject. */
  push(name: string, begin: () => Promise<void>): void {
    let queue = this.#queues.get(name);
    if (queue === undefined) this.#queues.set(name, (queue = { waiting: [], isBusy: false }));
    queue.waiting.push(begin);
    this.#advance(name, queue);
  }

  /** Holds every attempt back until {@link open}. */
  close(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    for (const [name, queue] of [...this.#queues]) this.#advance(name, queue);
  }

  #advance(name: string, queue: ReceiverQueue): void {
    if (queue.isBusy || !this.#isOpen) return;
    if (this.#underWay >= MOST_UNDER_WAY) {
      this.#stalled.add(name);
      return;
    }
    const begin = queue.waiting.shift();
    if (begin === undefined) {
      this.#queues.delete(name);
      return;
    }
    queue.isBusy = true;
    this.#underWay += 1;
    let isPassed = false;
    const pass = (): void => {
      if (isPassed) return;
      isPassed = true;
      stopTimer();
      queue.isBusy = false;
      this.#advance(name, queue);
    };
    const stopTimer = this.#wall.after(HEAD_OF_LINE_MS, pass);
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
      const queue = this.#queues.get(name);
      if (queue !== undefined) this.#advance(name, queue);
    }
  }
}
