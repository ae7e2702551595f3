/** Tests that long work lets other requests have their turn. */
import { describe, expect, it } from "vitest";
import { TurnQueue } from "../../../src/engine/base/turn-queue.ts";
import { runAtOnce, Turns, type Steps } from "../../../src/engine/base/turns.ts";

function* countTo(most: number, steps: number[]): Steps<string> {
  for (let step = 1; step <= most; step += 1) {
    steps.push(step);
    yield;
  }
  return "done";
}

/** Returns a clock that is `stepMs` later each time it is read, and the time at which each turn began. */
function pacedClock(stepMs: number) {
  const queue = new TurnQueue();
  const turnsAt: number[] = [];
  let now = 0;
  return {
    turnsAt,
    now: () => (now += stepMs),
    nextTurn: async () => {
      await queue.next();
      turnsAt.push(now);
    },
  };
}

describe("a work in turns", () => {
  it("pauses once its turn has lasted 5 ms, and not before", async () => {
    const clock = pacedClock(2);
    const steps: number[] = [];
    expect(await new Turns(clock).run(countTo(7, steps))).toBe("done");
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7]);
    // A turn has three steps, because 6 ms have passed after the third; its beginning reads the clock too.
    expect(clock.turnsAt.map((at, index) => at - (clock.turnsAt[index - 1] ?? at))).toEqual([0, 8, 8]);
  });

  it("with a longest turn of 0 ms pauses after each step", async () => {
    const clock = pacedClock(0);
    expect(await new Turns(clock, 0).run(countTo(3, []))).toBe("done");
    expect(clock.turnsAt).toHaveLength(4);
  });

  it("that fails is told to its caller, and the next work runs", async () => {
    const clock = pacedClock(5);
    function* broken(): Steps<string> {
      yield;
      throw new Error("no ink");
    }
    const [failed, other] = await Promise.allSettled([
      new Turns(clock).run(broken()),
      new Turns(clock).run(countTo(3, [])),
    ]);
    expect(failed).toMatchObject({ status: "rejected", reason: { message: "no ink" } });
    expect(other).toEqual({ status: "fulfilled", value: "done" });
    expect(await new Turns(clock).run(countTo(1, []))).toBe("done");
  });
});

it("works in turns share the turns of the event loop: each turn continues one of them, in order", async () => {
  const clock = pacedClock(5);
  const done: string[] = [];
  const turnsOfSteps: number[] = [];
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  function* work(name: string, most: number): Steps<string> {
    for (let step = 0; step < most; step += 1) {
      done.push(name);
      turnsOfSteps.push(turn);
      yield;
    }
    return name;
  }
  const results = ["aaa", "bb", "c"].map((name) => new Turns(clock).run(work(name.charAt(0), name.length)));
  expect(await Promise.all(results)).toEqual(["a", "b", "c"]);
  isOver = true;
  expect(done.join("")).toBe("abcaba");
  expect(new Set(turnsOfSteps).size).toBe(6);
});

it("work without a pause runs all its steps at once", () => {
  const steps: number[] = [];
  expect(runAtOnce(countTo(3, steps))).toBe("done");
  expect(steps).toEqual([1, 2, 3]);
});
