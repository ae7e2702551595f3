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

/** Does the work one slice per turn of the event loop. */
export async function finishInTurns<Result>(work: Slices<Result>): Promise<Result> {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
