/**
 * Lets a client live on a sandbox's clock: when all that it does is wait, the clock is advanced to the next thing that
 * happens. So a client that polls for minutes runs in milliseconds, and its gaps are exactly those that it chose.
 */
import type { SandboxHandle } from "../../../src/client/sandbox-handle.ts";

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** How many turns of the event loop an answer or a webhook may take to become the client's next request. */
const TURNS = 5;
const EMPTY: ReadonlySet<number> = new Set([101, 204, 205, 304]);

export class VirtualTime {
  readonly #sandbox: SandboxHandle;
  readonly #sleepers = new Set<Sleeper>();
  readonly #isHeld: (url: string) => boolean;
  #ahead = 0;
  #busy = 0;
  #held = 0;
  #isOver = false;

  /** `isHeld` tells the requests whose answers may need time to pass. */
  constructor(sandbox: SandboxHandle, isHeld: (url: string) => boolean) {
    this.#sandbox = sandbox;
    this.#isHeld = isHeld;
  }

  readonly now = (): number => Date.now() + this.#ahead;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { due: this.now() + ms, wake };
      signal?.addEventListener("abort", wake);
      this.#sleepers.add(sleeper);
    });

  readonly fetch: typeof fetch = async (input, init) => {
    const url = String(input);
    const isHeld = this.#isHeld(url);
    if (isHeld) this.#held += 1;
    else this.#busy += 1;
    try {
      const response = await fetch(input, init);
      if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) return response;
      const body = await response.arrayBuffer();
      const { status, headers } = response;
      return new Response(EMPTY.has(status) ? null : body, { status, headers });
    } finally {
      if (isHeld) this.#held -= 1;
      else this.#busy -= 1;
    }
  };

  /** Runs a client to its end, and returns what it threw, if anything. */
  async run(client: () => Promise<void>): Promise<unknown> {
    const ended = client().then(
      () => undefined,
      (error: unknown) => error,
    );
    void ended.finally(() => {
      this.#isOver = true;
    });
    while (!(await this.#isQuiet())) await this.#advance();
    return ended;
  }

  /** Waits until the client only waits; returns whether it has ended instead. */
  async #isQuiet(): Promise<boolean> {
    for (let calm = 0; calm < TURNS;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#isOver) return true;
      // A client that neither sleeps nor is held writes a file.
      const isWaiting = this.#busy === 0 && this.#sleepers.size + this.#held > 0;
      calm = isWaiting ? calm + 1 : 0;
      if (calm === TURNS && this.#held > 0 && (await this.#sandbox.waiters.list()).length < this.#held) calm = 0;
    }
    return this.#isOver;
  }

  async #advance(): Promise<void> {
    const { nextDue } = await this.#sandbox.clock.read();
    const planned = nextDue === null ? Number.POSITIVE_INFINITY : Date.parse(nextDue);
    const target = Math.min(planned, ...[...this.#sleepers].map(({ due }) => due));
    // A held request was answered in between.
    if (target === Number.POSITIVE_INFINITY) return;
    const left = Math.ceil(target - this.now());
    if (left > 0) {
      const { now } = await this.#sandbox.clock.advance(left);
      this.#ahead = Math.max(this.#ahead, Date.parse(now) - Date.now());
    }
    for (const { due, wake } of [...this.#sleepers]) if (due <= this.now()) wake();
  }
}
