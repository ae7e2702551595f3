/** Runs long work in slices, so that a server answers other requests between them. */

/** Work that yields about once per millisecond and then returns its result. */
export type Slices<Result> = Generator<undefined, Result, undefined>;

/** Does all work at once. */
export function finish<Result>(work: Slices<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Shares the turns of the event loop among works: each turn does one slice of one of them. */
export class SliceRunner {
  /** Each does one slice, and returns whether its work is done. */
  readonly #works: (() => boolean)[] = [];
  #isRunning = false;

  run<Result>(work: Slices<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    this.#works.push(() => {
      try {
        const step = work.next();
        if (step.done === true) resolve(step.value);
        return step.done === true;
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        return true;
      }
    });
    if (!this.#isRunning) setImmediate(this.#takeTurn);
    this.#isRunning = true;
    return promise;
  }

  readonly #takeTurn = (): void => {
    const work = this.#works.shift();
    this.#isRunning = work !== undefined;
    if (work === undefined) return;
    if (!work()) this.#works.push(work);
    setImmediate(this.#takeTurn);
  };
}
