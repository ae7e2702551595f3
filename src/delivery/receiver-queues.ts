/**
 * Orders deliveries: one queue per receiver. The next attempt begins when the one before it was answered, or has run
 * for a while; in a long queue, when the one before it was sent. So a receiver gets its deliveries in order, and a slow
 * receiver delays no other one, and its own queue only briefly.
 */
import type { WallClock } from "../engine/base/clock.ts";
import { Turns } from "../engine/base/turns.ts";

/** How long the first attempt of a queue delays the next one. Its bytes have arrived by then. */
const HEAD_OF_LINE_MS = 250;

/**
 * The most attempts that have just begun, over all queues; those of slow receivers do not count. More at once would keep
 * the event loop from requests, because their connections and answers may all be ready in one turn.
 */
const MOST_BEGINNING = 96;

/** The most of them of one sandbox, so that there is always room for others. */
const MOST_OF_SANDBOX = 48;

/** The most attempts to one receiver at once. */
const MOST_PER_RECEIVER = 64;

/** The most attempts at once, over all queues; each takes a socket. */
const MOST_UNDER_WAY = 4096;

/**
 * A queue is long with so many waiting: one after the other, they would take as many times as long as the receiver takes
 * to answer.
 */
const LONG_QUEUE = 256;

/** Begins an attempt, and calls `onWritten` once its bytes are sent. Must not reject. */
type Begin = (onWritten: () => void) => Promise<void>;

interface ReceiverQueue {
  readonly name: string;
  readonly sandbox: number;
  waiting: Begin[];
  /** The place of the first attempt that has not begun. */
  next: number;
  /** Whether its last attempt has just begun. */
  isBusy: boolean;
  underWay: number;
}

export class ReceiverQueues {
  readonly #wall: WallClock;
  readonly #queues = new Map<string, ReceiverQueue>();
  /** By sandbox: the queues whose next attempt may begin, once there is room. */
  readonly #ready = new Map<number, Set<ReceiverQueue>>();
  readonly #beginningOf = new Map<number, number>();
  #beginning = 0;
  #underWay = 0;
  #isOpen = true;
  #isPumping = false;

  constructor(wall: WallClock) {
    this.#wall = wall;
  }

  /** Appends an attempt to the queue of a sandbox's receiver. */
  push(sandbox: number, receiver: string, begin: Begin): void {
    const name = `${sandbox} ${receiver}`;
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = { name, sandbox, waiting: [], next: 0, isBusy: false, underWay: 0 };
      this.#queues.set(name, queue);
    }
    queue.waiting.push(begin);
    this.#offer(queue);
  }

  /** Holds every attempt back until {@link open}. */
  close(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    this.#pump();
  }

  #offer(queue: ReceiverQueue): void {
    if (queue.next >= queue.waiting.length) {
      if (queue.underWay === 0) this.#queues.delete(queue.name);
      return;
    }
    if (queue.isBusy || queue.underWay >= MOST_PER_RECEIVER) return;
    let ready = this.#ready.get(queue.sandbox);
    if (ready === undefined) this.#ready.set(queue.sandbox, (ready = new Set()));
    ready.add(queue);
    this.#pump();
  }

  /** Begins attempts in turns, because each takes some time to render, to sign and to connect. */
  #pump(): void {
    if (this.#isPumping || !this.#isOpen) return;
    this.#isPumping = true;
    const turns = new Turns(this.#wall);
    for (let queue = this.#nextReady(); queue !== undefined; queue = this.#nextReady()) {
      this.#begin(queue);
      if (!turns.isOver) continue;
      void this.#wall.nextTurn().then(() => {
        this.#isPumping = false;
        this.#pump();
      });
      return;
    }
    this.#isPumping = false;
  }

  /** Takes the next queue that may begin, of the sandboxes in turn; undefined if there is none or no room. */
  #nextReady(): ReceiverQueue | undefined {
    if (this.#beginning >= MOST_BEGINNING || this.#underWay >= MOST_UNDER_WAY) return undefined;
    for (const [sandbox, queues] of this.#ready) {
      if ((this.#beginningOf.get(sandbox) ?? 0) >= MOST_OF_SANDBOX) continue;
      const [queue] = queues;
      this.#ready.delete(sandbox);
      if (queue === undefined) continue;
      queues.delete(queue);
      if (queues.size > 0) this.#ready.set(sandbox, queues);
      return queue;
    }
    return undefined;
  }

  #countBeginning({ sandbox }: ReceiverQueue, by: 1 | -1): void {
    const count = (this.#beginningOf.get(sandbox) ?? 0) + by;
    this.#beginning += by;
    if (count === 0) this.#beginningOf.delete(sandbox);
    else this.#beginningOf.set(sandbox, count);
  }

  #begin(queue: ReceiverQueue): void {
    const begin = queue.waiting[queue.next];
    if (begin === undefined) return;
    queue.next += 1;
    // Cut once the begun part is the longer one, which keeps long queues cheap.
    if (queue.next > 256 && queue.next * 2 > queue.waiting.length) {
      queue.waiting = queue.waiting.slice(queue.next);
      queue.next = 0;
    }
    queue.isBusy = true;
    queue.underWay += 1;
    this.#underWay += 1;
    this.#countBeginning(queue, 1);
    let isPassed = false;
    const pass = (): void => {
      if (isPassed) return;
      isPassed = true;
      stopTimer();
      this.#countBeginning(queue, -1);
      queue.isBusy = false;
      this.#offer(queue);
      this.#pump();
    };
    const stopTimer = this.#wall.after(HEAD_OF_LINE_MS, pass);
    const written = (): void => {
      if (queue.waiting.length - queue.next >= LONG_QUEUE) pass();
    };
    void begin(written).finally(() => {
      this.#underWay -= 1;
      queue.underWay -= 1;
      if (isPassed) this.#offer(queue);
      else pass();
      this.#pump();
    });
  }
}
