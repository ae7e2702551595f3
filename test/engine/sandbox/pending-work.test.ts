/** Tests how an advance waits for work that runs in real time, such as deliveries. */
import { describe, expect, it } from "vitest";
import { PendingWorkTracker, PendingWorkWait, type PendingWork } from "../../../src/engine/sandbox/pending-work.ts";
import { ManualWallClock } from "../../support/engine.ts";

const GUARD_MS = 5000;

function buildWait() {
  const pendingWork = new PendingWorkTracker();
  const wall = new ManualWallClock();
  const reset = new AbortController();
  const wait = new PendingWorkWait({ pendingWork, wall, ending: reset.signal }, GUARD_MS);
  return {
    pendingWork,
    wall,
    reset,
    wait,
    /** Begins work; call the result to end it. */
    begin: (work: Partial<PendingWork> = {}): (() => Promise<void>) => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      pendingWork.track(promise, { kind: "reply", id: "r1", ...work });
      return async () => {
        resolve(undefined);
        await promise;
        await settled();
      };
    },
  };
}

/** Waits until all pending promise callbacks have run. */
const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

/** Returns whether a promise has settled, without waiting for it. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol("pending");
  await settled();
  return (await Promise.race([promise, pending])) !== pending;
}

describe("for pending work,", () => {
  it("work is pending until it ends", async () => {
    const { pendingWork, begin } = buildWait();
    const end = begin();
    expect(pendingWork.size).toBe(1);
    expect([...pendingWork.all()]).toEqual([{ kind: "reply", id: "r1" }]);
    await end();
    expect(pendingWork.size).toBe(0);
  });

  it("a generation's work ends without waiting for the work of other generations", async () => {
    const { pendingWork, begin } = buildWait();
    const [first, second] = [begin({ generation: 1 }), begin({ generation: 1 })];
    begin({ generation: 2 });
    begin();
    const end = pendingWork.endOf(new Set([1]));
    await first();
    expect(await isDone(end)).toBe(false);
    await second();
    expect(await isDone(end)).toBe(true);
  });
});

describe("when an advance waits for pending work,", () => {
  it("the wait is over once all work has ended, and leaves no timer", async () => {
    const { wait, begin, wall } = buildWait();
    const [first, second] = [begin(), begin()];
    const over = wait.untilEnded();
    await first();
    expect(await isDone(over)).toBe(false);
    await second();
    await over;
    expect(wait.unsettled()).toEqual([]);
    expect(wall.armed).toBe(0);
  });

  it("the guard gives up work after a time without progress, and each end restarts the guard", async () => {
    const { wait, begin, wall } = buildWait();
    const early = begin({ id: "early" });
    begin({ kind: "delivery", id: "d1", giveUp: () => true });
    begin({ kind: "delivery", id: "not begun", giveUp: () => false });
    const over = wait.untilEnded();
    wall.pass(GUARD_MS - 1);
    await early();
    wall.pass(GUARD_MS - 1);
    expect(await isDone(over)).toBe(false);
    wall.pass(1);
    await over;
    expect(wait.unsettled().map(({ id }) => id)).toEqual(["d1", "not begun"]);
  });

  it("hanging work is waited for once, and work that ends later is not reported as unsettled", async () => {
    const { wait, begin, wall } = buildWait();
    const endLate = begin({ id: "late" });
    begin({ id: "never" });
    const first = wait.untilEnded();
    wall.pass(GUARD_MS);
    await first;
    await wait.untilEnded();
    await endLate();
    expect(wait.unsettled().map(({ id }) => id)).toEqual(["never"]);
  });

  it("the wait ends when its sandbox ends", async () => {
    const { wait, begin, reset, wall } = buildWait();
    begin();
    const over = wait.untilEnded();
    reset.abort();
    await over;
    expect(wall.armed).toBe(0);
  });
});
