/** Tests the clock of a sandbox and each progression of its generations. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance } from "../../../src/engine/sandbox/advance.ts";
import { ClockBackwards, ClockBusy } from "../../../src/engine/base/clock.ts";
import { observe, observeAtCreation } from "../../../src/engine/model/observation.ts";
import type { Release } from "../../../src/engine/generation/held-requests.ts";
import { BEGINNING, createEngine, createGeneration, everything } from "../../support/engine.ts";

const frozenSandbox = () => {
  const engine = createEngine();
  const sandbox = engine.sandboxes.obtain("world");
  sandbox.clock.freeze();
  sandbox.steering.publish();
  return { ...engine, sandbox };
};

describe("for a sandbox's clock,", () => {
  it("the clock follows real time, runs faster when told, and stands still when frozen", () => {
    const { wall, sandboxes } = createEngine();
    const { clock } = sandboxes.obtain("world");
    wall.pass(1000);
    expect(clock.now() - BEGINNING).toBe(1000);
    clock.setRate(10);
    wall.pass(1000);
    expect(clock.now() - BEGINNING).toBe(11_000);
    clock.freeze();
    wall.pass(1000);
    expect(clock.now() - BEGINNING).toBe(11_000);
    clock.resume(1);
    wall.pass(1000);
    expect(clock.now() - BEGINNING).toBe(12_000);
  });

  it("the clock never goes back", () => {
    const { clock } = createEngine().sandboxes.default;
    expect(() => {
      clock.moveTo(BEGINNING - 1);
    }).toThrow(ClockBackwards);
  });

  it("due transitions are announced without a request, at the clock's rate", () => {
    const engine = createEngine();
    const sandbox = engine.sandboxes.obtain("world");
    createGeneration(sandbox);
    sandbox.clock.setRate(100);
    sandbox.steering.publish();
    engine.wall.pass(10);
    expect(engine.transitions.map(({ to }) => to)).toEqual(["processing"]);
    engine.wall.pass(40);
    expect(engine.transitions.map(({ to }) => to)).toEqual(["processing", "succeeded"]);
  });

  it("one advance at a time may claim the clock, and it reports what fired", async () => {
    const { sandbox } = frozenSandbox();
    const generation = createGeneration(sandbox);
    const stop = sandbox.steering.claim();
    await expect(advance(sandbox, (now) => now + 1)).rejects.toThrow(ClockBusy);
    stop();
    const { from, now, fired, unsettled } = await advance(sandbox, (present) => present + 600_000);
    expect([from, now]).toEqual([BEGINNING, BEGINNING + 600_000]);
    expect(fired).toEqual([
      { at: BEGINNING + 1000, kind: "transition", id: generation.id },
      { at: BEGINNING + 5000, kind: "transition", id: generation.id },
    ]);
    expect(unsettled).toEqual([]);
    await expect(advance(sandbox, (present) => present - 1)).rejects.toThrow(ClockBackwards);
  });
});

describe("for each progression,", () => {
  it("instant: the create shows the first phase, and the rest follows at once, even on a frozen clock", () => {
    const { sandbox, transitions, wall } = frozenSandbox();
    const generation = createGeneration(sandbox, { timing: { queued: 0, processing: 0 } });
    expect(observeAtCreation(generation).phase).toBe("queued");
    expect(transitions).toEqual([]);
    wall.pass(0);
    expect(transitions.map(({ to, at }) => [to, at])).toEqual([
      ["processing", BEGINNING],
      ["succeeded", BEGINNING],
    ]);
  });

  it("polls: each unfinished phase is shown N times, even if the clock moves", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), (polls) => {
        const { sandbox } = frozenSandbox();
        let generation = createGeneration(sandbox, { progression: { polls } });
        const seen = Array.from({ length: polls * 2 + 2 }, () => {
          generation = sandbox.generations.countRead(generation, sandbox.settle());
          return observe(generation, sandbox.clock.now()).phase;
        });
        const times = (phase: string) => seen.filter((each) => each === phase).length;
        expect([times("queued"), times("processing"), times("succeeded")]).toEqual([polls, polls, 2]);
        expect(seen).toEqual(
          [...seen].sort(
            (a, b) =>
              ["queued", "processing", "succeeded"].indexOf(a) - ["queued", "processing", "succeeded"].indexOf(b),
          ),
        );
      }),
    );
  });

  it("hold: a generation waits for its release, and then takes its planned time", async () => {
    const { sandbox } = frozenSandbox();
    const generation = createGeneration(sandbox, { progression: { hold: "processing" } });
    await advance(sandbox, (now) => now + 3_600_000);
    const held = sandbox.generations.findByRow(generation.rowId) ?? generation;
    expect(observe(held, sandbox.clock.now()).phase).toBe("processing");
    sandbox.generations.release(held, sandbox.clock.now());
    const { fired } = await advance(sandbox, (now) => now + 10_000);
    expect(fired).toMatchObject([{ at: BEGINNING + 3_600_000 + 4000, kind: "transition" }]);
  });
});

describe("for the outputs of a generation,", () => {
  it("a scenario makes some outputs fail, and the generation succeeds if any output does", async () => {
    const { sandbox } = frozenSandbox();
    const generation = createGeneration(sandbox, { scenario: "partial", outputs: 3 });
    await advance(sandbox, (now) => now + 10_000);
    const observed = observe(generation, sandbox.clock.now());
    expect(observed.phase).toBe("succeeded");
    expect(observed.outputs.map(({ state }) => state)).toEqual(["succeeded", "succeeded", "failed"]);
  });

  it("outputs that were made before a forced failure stay made", () => {
    const { sandbox } = frozenSandbox();
    const generation = createGeneration(sandbox, { outputs: 2 });
    const [first, second] = generation.outputs;
    if (first === undefined || second === undefined) throw new Error("two outputs");
    const early = { ...generation, outputs: [{ ...first, leadMs: 3000 }, second] };
    sandbox.clock.moveTo(BEGINNING + 3000);
    const failed = sandbox.generations.fail(
      early,
      "failed",
      { code: "BROKEN", message: everything.vendor },
      sandbox.settle(),
    );
    expect(observe(failed, sandbox.clock.now()).outputs.map(({ state }) => state)).toEqual(["succeeded", "failed"]);
  });
});

describe("for held requests,", () => {
  it("a held request ends exactly once, at the first event that can end it", async () => {
    const causes = fc.constantFrom("advance", "cancel", "gone", "reset", "shutdown", "delete");
    await fc.assert(
      fc.asyncProperty(
        fc.array(causes, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        async (script, count) => {
          const { sandbox, sandboxes } = frozenSandbox();
          const generation = createGeneration(sandbox, { scenario: "stuck" });
          const releases: Release[][] = [];
          const { id: generationId, rowId, label, account, vendor } = generation;
          const held = Array.from({ length: count }, (_, index) => {
            const heard: Release[] = [];
            releases.push(heard);
            const now = sandbox.clock.now();
            return sandbox.heldRequests.hold(
              { vendor, generationId, rowId, label, account },
              now,
              now + 1000 * (index + 1),
              (reason) => heard.push(reason),
            );
          });
          for (const cause of script) {
            const present = sandbox.generations.findByRow(rowId);
            if (cause === "advance") await advance(sandbox, (now) => now + 1500);
            else if (cause === "cancel" && present !== undefined)
              sandbox.generations.cancel(present, sandbox.clock.now());
            else if (cause === "delete" && present !== undefined)
              sandbox.generations.delete(present, sandbox.clock.now());
            else if (cause === "gone") held[0]?.release("gone");
            else if (cause === "reset") sandboxes.reset(sandbox);
            else if (cause === "shutdown") sandbox.heldRequests.releaseAll("shutdown");
          }
          sandbox.heldRequests.releaseAll("shutdown");
          expect(releases.every((heard) => heard.length === 1)).toBe(true);
          expect(sandbox.heldRequests.count).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("a held request can still read the old state when a reset ends it", () => {
    const { sandbox, sandboxes } = frozenSandbox();
    const generation = createGeneration(sandbox, { scenario: "stuck" });
    const { id: generationId, rowId, label, account, vendor } = generation;
    let seen: string | undefined;
    sandbox.heldRequests.hold(
      { vendor, generationId, rowId, label, account },
      sandbox.clock.now(),
      sandbox.clock.now() + 55_000,
      () => {
        seen = sandbox.generations.findByRow(rowId)?.id;
      },
    );
    sandboxes.reset(sandbox);
    expect(seen).toBe(generation.id);
    expect(sandbox.generations.findByRow(rowId)).toBeUndefined();
  });
});

describe("on a reset,", () => {
  it("the sandbox returns to its document, and other sandboxes do not change", () => {
    const { sandbox, sandboxes } = frozenSandbox();
    const bystander = sandboxes.obtain("bystander");
    const theirs = createGeneration(bystander);
    createGeneration(sandbox);
    sandbox.account("main").updateState("anyone", { credits: 1 });
    sandboxes.reset(sandbox);
    expect(sandbox.epoch).toBe(1);
    expect(sandbox.generations.count({})).toBe(0);
    expect(sandbox.account("main").state("anyone")).toEqual({ credits: 100 });
    expect(sandbox.clock.state.mode).toBe("running");
    expect(bystander.generations.find("anyone", theirs.id)?.id).toBe(theirs.id);
    expect(bystander.epoch).toBe(0);
  });
});

describe("for idle time,", () => {
  it("an idle sandbox is deleted after its time, unless it is the default one or holds a request", async () => {
    const { sandboxes, wall } = createEngine();
    sandboxes.obtain("idle");
    const awaited = sandboxes.obtain("awaited");
    const { id: generationId, rowId, label, account, vendor } = createGeneration(awaited, { scenario: "stuck" });
    awaited.heldRequests.hold(
      { vendor, generationId, rowId, label, account },
      BEGINNING,
      BEGINNING + 10 ** 9,
      () => undefined,
    );
    wall.pass(3_600_001);
    await sandboxes.dropIdle(3_600_000);
    expect(sandboxes.all().map(({ name }) => name)).toEqual(["default", "awaited"]);
  });

  it("a sandbox with a follower or a running delivery is not idle, and its idle time begins afterwards", async () => {
    const { sandboxes, wall } = createEngine();
    const names = (): string[] => sandboxes.all().map(({ name }) => name);
    const leave = sandboxes.obtain("followed").usage.stay();
    const { promise: sent, resolve: end } = Promise.withResolvers<undefined>();
    sandboxes.obtain("sending").pendingWork.track(sent, { kind: "delivery", id: "d1" });
    wall.pass(3_600_001);
    await sandboxes.dropIdle(3_600_000);
    expect(names()).toEqual(["default", "followed", "sending"]);
    leave();
    leave();
    end(undefined);
    await sent;
    await Promise.resolve();
    await sandboxes.dropIdle(3_600_000);
    expect(names()).toEqual(["default", "followed"]);
    wall.pass(3_600_001);
    await sandboxes.dropIdle(3_600_000);
    expect(names()).toEqual(["default"]);
  });
});
