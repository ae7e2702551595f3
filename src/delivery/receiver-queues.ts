/**
 * The order in which deliveries go out: one queue per receiver, in which the next begins when the one before it was
 * answered, or has been under way for a while, so that a receiver is told things in order and a slow one keeps nobody
 * else waiting, not even long those behind it.
 */
import type { WallClock } from "../engine/base/clock.ts";

/** How long the head of a queue keeps the next one waiting. Its bytes have long arrived by then. */
const HEAD_OF_LINE_MS = 250;

/** Attempts under way at once, in all queues: each takes a socket. */
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

  /** Puts an attempt at the end of a queue. `begin` must not reject. */
  push(name: string, begin: () => Promise<void>): void {
    let queue = this.#queues.get(name);
    if (queue === undefined) this.#queues.set(name, (queue = { waiting: [], isBusy: false }));
    queue.waiting.push(begin);
    this.#advance(name, queue);
  }

  /** Lets nothing begin until it is opened again. */
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
      stopPatience();
      queue.isBusy = false;
      this.#advance(name, queue);
    };
    const stopPatience = this.#wall.after(HEAD_OF_LINE_MS, pass);
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
