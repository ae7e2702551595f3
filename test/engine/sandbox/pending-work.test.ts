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
    /** Begins work; the answer ends it. */
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

/** Lets everything happen that promises have in hand. */
const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

/** Says whether a promise has settled, without waiting for it. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol("pending");
  await settled();
  return (await Promise.race([promise, pending])) !== pending;
}

describe("pending work", () => {
  it("is there until it ends", async () => {
    const { pendingWork, begin } = buildWait();
    const end = begin();
    expect(pendingWork.size).toBe(1);
    expect([...pendingWork.all()]).toEqual([{ kind: "reply", id: "r1" }]);
    await end();
    expect(pendingWork.size).toBe(0);
  });

  it("of a generation ends with all that was pending of it, and not with others'", async () => {
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

describe("an advance's wait for pending work", () => {
  it("is over once all has ended, and leaves no timer", async () => {
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

  it("gives up what can be when nothing ends for the time of its guard, which every end winds up again", async () => {
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

  it("does not wait twice for what hangs, and does not call unsettled what ended in the end", async () => {
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

  it("ends with its sandbox", async () => {
    const { wait, begin, reset, wall } = buildWait();
    begin();
    const over = wait.untilEnded();
    reset.abort();
    await over;
    expect(wall.armed).toBe(0);
  });
});
