/** Tests that every transition of a generation is announced exactly once and in order, also across restarts. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { advance } from "../../../src/engine/sandbox/advance.ts";
import type { Transition } from "../../../src/engine/generation/generations.ts";
import { LAST_INSTANT } from "../../../src/engine/base/clock.ts";
import { observe } from "../../../src/engine/model/observation.ts";
import { isTerminal, type Phase } from "../../../src/engine/model/phases.ts";
import { TimelineConflict } from "../../../src/engine/model/timeline.ts";
import { createEngine, createGeneration, everything, ManualWallClock, type EngineWorld } from "../../support/engine.ts";

type Announced = Transition & { sandbox: string };

const actions = fc.oneof(
  fc.record({
    kind: fc.constant("create" as const),
    scenario: fc.constantFrom("succeed", "fail", "reject", "stuck", "partial"),
  }),
  fc.record({ kind: fc.constant("advance" as const), by: fc.nat(6000) }),
  fc.record({ kind: fc.constant("pass" as const), by: fc.nat(3000) }),
  fc.record({
    kind: fc.constantFrom("cancel" as const, "fail" as const, "finish" as const, "hold" as const, "release" as const),
    of: fc.nat(20),
  }),
  fc.record({ kind: fc.constant("restart" as const) }),
);

type Action = typeof actions extends fc.Arbitrary<infer Each> ? Each : never;

/** The phases that may follow each phase. */
const NEXT: Readonly<Record<Phase, readonly Phase[]>> = {
  queued: ["processing", "succeeded", "failed", "rejected", "cancelled"],
  processing: ["succeeded", "failed", "rejected", "cancelled"],
  succeeded: [],
  failed: [],
  rejected: [],
  cancelled: [],
};

describe("when transitions are announced,", () => {
  it("no transition is lost, repeated or reordered, even if clients steer and the process is killed repeatedly", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-engine-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(actions, { maxLength: 25 }), async (script) => {
        const file = join(folder, `run-${(run += 1)}.db`);
        const transitions: Announced[] = [];
        let engine = createEngine({ file, transitions });
        const ids: string[] = [];
        for (const action of script) {
          if (action.kind === "restart") {
            engine.kill();
            engine = createEngine({ file, transitions, wall: engine.wall });
          } else await perform(engine, action, ids);
        }
        const sandbox = engine.sandboxes.default;
        const now = sandbox.settle();
        for (const id of ids) {
          const generation = sandbox.generations.find("anyone", id);
          if (generation === undefined) throw new Error(`${id} is lost`);
          const announced = transitions.filter((transition) => transition.generation.id === id);
          let phase: Phase = "queued";
          for (const { from, to, at } of announced) {
            expect(from).toBe(phase);
            expect(NEXT[phase]).toContain(to);
            expect(at).toBeLessThanOrEqual(now);
            phase = to;
          }
          expect(phase).toBe(observe(generation, now).phase);
          expect(generation.announced).toBe(phase);
        }
        expect(transitions.map(({ at }) => at)).toEqual(transitions.map(({ at }) => at).sort((a, b) => a - b));
        engine.kill();
      }),
      { numRuns: 60 },
    );
  });

  it("transitions are announced in order of time, and at the same instant in order of creation", async () => {
    const engine = createEngine();
    const sandbox = engine.sandboxes.obtain("order");
    const slow = createGeneration(sandbox, { timing: { queued: 2000, processing: 2000 } });
    const fast = createGeneration(sandbox, { timing: { queued: 1000, processing: 1000 } });
    await advance(sandbox, (now) => now + 10_000);
    const told = engine.transitions.map(({ generation, to }) => [generation.id, to]);
    expect(told).toEqual([
      [fast.id, "processing"],
      [slow.id, "processing"],
      [fast.id, "succeeded"],
      [slow.id, "succeeded"],
    ]);
  });

  it("a frozen clock keeps its instant across a restart, and a running clock continues", () => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-clock-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const file = join(folder, "clock.db");
    const wall = new ManualWallClock();
    const first = createEngine({ file, wall });
    const frozen = first.sandboxes.obtain("frozen");
    wall.pass(500);
    frozen.clock.freeze();
    frozen.steering.publish();
    const at = frozen.clock.now();
    const generation = createGeneration(first.sandboxes.obtain("running"));
    first.kill();
    wall.pass(60_000);
    const second = createEngine({ file, wall });
    expect(second.sandboxes.obtain("frozen").clock.now()).toBe(at);
    wall.pass(0);
    expect(
      second.transitions.map(({ generation: { id }, to, at: when }) => [id, to, when - generation.createdAt]),
    ).toEqual([
      [generation.id, "processing", 1000],
      [generation.id, "succeeded", 5000],
    ]);
    second.kill();
  });

  it("an advance is kept when the host's clock is earlier at the next start", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-advanced-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const file = join(folder, "clock.db");
    const wall = new ManualWallClock();
    wall.pass(3_600_000);
    const first = createEngine({ file, wall });
    const sandbox = first.sandboxes.obtain("world");
    const { now } = await advance(sandbox, (present) => present + 60_000);
    first.kill();
    const second = createEngine({ file, wall: new ManualWallClock() });
    expect(second.sandboxes.obtain("world").clock.now()).toBeGreaterThanOrEqual(now);
    second.kill();
  });

  it("a generation that would end after the clock's last instant is read after a restart", () => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-last-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const file = join(folder, "clock.db");
    const first = createEngine({ file });
    const sandbox = first.sandboxes.create("end", { now: LAST_INSTANT, clock: { mode: "frozen" } });
    const { id } = createGeneration(sandbox, { timing: { queued: 1000, processing: 100_000_000_000 } });
    first.kill();
    const second = createEngine({ file });
    expect(second.sandboxes.obtain("end").generations.list({}, { order: "oldest" })).toMatchObject([{ id }]);
    second.kill();
  });

  it("an announced phase is kept when the host's clock is earlier at the next start", () => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-earlier-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const file = join(folder, "clock.db");
    const wall = new ManualWallClock();
    const first = createEngine({ file, wall });
    wall.pass(3_600_000);
    const { id, createdAt } = createGeneration(first.sandboxes.obtain("world"));
    wall.pass(5000);
    first.kill();

    const earlier = new ManualWallClock();
    const second = createEngine({ file, wall: earlier });
    const sandbox = second.sandboxes.obtain("world");
    expect(sandbox.clock.now()).toBe(createdAt + 5000);
    const generation = sandbox.generations.find("anyone", id);
    if (generation === undefined) throw new Error("The generation is gone.");
    expect(observe(generation, sandbox.settle()).phase).toBe("succeeded");
    earlier.pass(1000);
    expect(sandbox.clock.now()).toBe(createdAt + 6000);
    second.sandboxes.reset(sandbox);
    expect(sandbox.clock.now()).toBe(earlier.now());
    second.kill();
  });

  it("an instant that the store refuses is undone, and announced later", () => {
    const engine = createEngine();
    const sandbox = engine.sandboxes.obtain("refused");
    sandbox.clock.freeze();
    createGeneration(sandbox);
    let refuse = true;
    sandbox.scheduler.schedule({
      at: sandbox.clock.now() + 1000,
      kind: "delivery",
      id: "refusing",
      run: () => {
        if (refuse) throw new Error("disk full");
        return { finish: () => undefined, isHeard: true };
      },
    });
    sandbox.clock.moveTo(sandbox.clock.now() + 1000);
    expect(() => sandbox.settle()).toThrow("disk full");
    const pending = sandbox.generations.list({}, { order: "oldest" });
    expect(pending.map(({ announced }) => announced)).toEqual(["queued"]);
    refuse = false;
    sandbox.settle();
    expect(sandbox.generations.list({}, { order: "oldest" }).map(({ announced }) => announced)).toEqual(["processing"]);
  });

  it("a frozen clock has no timer, and a running clock at most one", () => {
    const engine = createEngine();
    const sandbox = engine.sandboxes.obtain("timers");
    for (let index = 0; index < 50; index += 1) createGeneration(sandbox);
    expect(engine.wall.armed).toBe(1);
    sandbox.clock.freeze();
    sandbox.steering.publish();
    expect(engine.wall.armed).toBe(0);
  });
});

async function perform(
  engine: EngineWorld,
  action: Exclude<Action, { kind: "restart" }>,
  ids: string[],
): Promise<void> {
  const sandbox = engine.sandboxes.default;
  switch (action.kind) {
    case "create":
      ids.push(createGeneration(sandbox, { scenario: action.scenario, outputs: 2 }).id);
      return;
    case "advance":
      await advance(sandbox, (now) => now + action.by);
      return;
    case "pass":
      engine.wall.pass(action.by);
      return;
    default:
      steer(engine, action.kind, ids[action.of % Math.max(1, ids.length)]);
  }
}

function steer(
  engine: EngineWorld,
  kind: "cancel" | "fail" | "finish" | "hold" | "release",
  id: string | undefined,
): void {
  const sandbox = engine.sandboxes.default;
  const now = sandbox.settle();
  const generation = id === undefined ? undefined : sandbox.generations.find("anyone", id);
  if (generation === undefined) return;
  const wasEnded = isTerminal(observe(generation, now).phase);
  try {
    if (kind === "cancel") sandbox.generations.cancel(generation, now);
    else if (kind === "fail")
      sandbox.generations.fail(generation, "failed", { code: "BROKEN", message: everything.vendor }, now);
    else if (kind === "finish") sandbox.generations.finish(generation, now);
    else if (kind === "hold") sandbox.generations.hold(generation, undefined, now);
    else sandbox.generations.release(generation, now);
  } catch (error) {
    // Steering an ended generation is refused; any other error is unexpected.
    if (!(error instanceof TimelineConflict) || !wasEnded) throw error;
  }
}
