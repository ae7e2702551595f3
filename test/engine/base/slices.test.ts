/** Tests that long work lets other requests have their turn. */
import { expect, it } from "vitest";
import { runAtOnce, runInSlices, type Slices } from "../../../src/engine/base/slices.ts";

function* countTo(most: number, steps: number[]): Slices<string> {
  for (let step = 1; step <= most; step += 1) {
    steps.push(step);
    yield;
  }
  return "done";
}

it("work in slices pauses once its slice has lasted 8 ms, and not before", async () => {
  let now = 0;
  const steps: number[] = [];
  const done = runInSlices(countTo(4, steps), { now: () => (now += 5) });
  // The second step is the first after 8 ms.
  expect(steps).toEqual([1, 2]);
  expect(await done).toBe("done");
  expect(steps).toEqual([1, 2, 3, 4]);
});

it("work without a pause runs all its steps at once", () => {
  const steps: number[] = [];
  expect(runAtOnce(countTo(3, steps))).toBe("done");
  expect(steps).toEqual([1, 2, 3]);
});
