/** Runs long work in short slices, between which other requests have their turn. */
import { setImmediate } from "../../platform/real-timers.ts";
import type { WallClock } from "./clock.ts";

/** The work of one slice may go a little beyond this, to its next pause. */
const SLICE_MS = 8;

/** Work that can pause at each `yield`, between its transactions. */
export type Slices<Result> = Generator<undefined, Result>;

export async function runInSlices<Result>(work: Slices<Result>, wall: Pick<WallClock, "now">): Promise<Result> {
  let began = wall.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (wall.now() - began < SLICE_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    began = wall.now();
  }
}

/** Runs the work without a pause. */
export function runAtOnce<Result>(work: Slices<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
