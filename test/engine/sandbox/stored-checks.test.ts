/** Tests when the check of what an earlier process stored runs, and what ends it. */
import { describe, expect, it } from "vitest";
import { StoredChecks } from "../../../src/engine/sandbox/stored-checks.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { UnreadableRow } from "../../../src/store/unreadable-row.ts";
import { TurnQueue } from "../../../src/engine/base/turn-queue.ts";
import { createEngine } from "../../support/engine.ts";

/** Returns checks whose steps a test writes; the clock says that every step fills a turn. */
function checksOf(steps: (sandbox: Sandbox) => Generator<undefined, void>) {
  let now = 0;
  const { sandboxes } = createEngine();
  const sandbox = sandboxes.create("world", {});
  const turns = new TurnQueue();
  const wall = {
    now: () => (now += 1000),
    after: () => () => undefined,
    nextTurn: () => turns.next(),
    onJump: () => () => undefined,
    agreesWithHost: true,
  };
  let runs = 0;
  const checks = new StoredChecks({
    wall,
    *checkStored(checked) {
      runs += 1;
      yield* steps(checked);
    },
  });
  return { sandboxes, sandbox, checks, runs: () => runs };
}

describe("the check of a stored sandbox", () => {
  it("runs once, however many readers wait for it", async () => {
    const { checks, sandbox, runs } = checksOf(function* () {
      yield;
      yield;
    });
    checks.plan(sandbox);
    await Promise.all([checks.complete(sandbox), checks.complete(sandbox)]);
    await checks.complete(sandbox);
    expect(runs()).toBe(1);
    expect(sandbox.damage).toBeUndefined();
  });

  it("does not run for a sandbox that this process made", async () => {
    const { checks, sandbox, runs } = checksOf(function* () {
      yield;
    });
    await checks.complete(sandbox);
    expect(runs()).toBe(0);
  });

  it("lets other work run between its steps, and ends when the sandbox is reset", async () => {
    let steps = 0;
    const { checks, sandbox, sandboxes } = checksOf(function* () {
      for (;;) {
        steps += 1;
        yield;
      }
    });
    checks.plan(sandbox);
    const complete = checks.complete(sandbox);
    while (steps === 0) await new Promise((resolve) => setImmediate(resolve));
    sandboxes.reset(sandbox);
    await complete;
    expect(sandbox.damage).toBeUndefined();
  });

  it("makes the row that cannot be read the damage of its sandbox", async () => {
    const { checks, sandbox } = checksOf(function* () {
      yield;
      throw new UnreadableRow("generations", "g1", new Error("it is torn"));
    });
    checks.plan(sandbox);
    await checks.complete(sandbox);
    expect(sandbox.damage?.message).toBe("Row g1 of generations cannot be read: it is torn");
  });

  it("is tried again after an error that is not a row's", async () => {
    let isBroken = true;
    const { checks, sandbox, runs } = checksOf(function* () {
      yield;
      if (isBroken) throw new Error("disk I/O error");
    });
    checks.plan(sandbox);
    await expect(checks.complete(sandbox)).rejects.toThrow("disk I/O error");
    isBroken = false;
    await checks.complete(sandbox);
    expect(runs()).toBe(2);
    expect(sandbox.damage).toBeUndefined();
  });
});
