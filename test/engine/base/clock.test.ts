/** Tests that the wall clock is monotonic even if the host's clock is changed. */
import { describe, expect, it, onTestFinished } from "vitest";
import {
  createWallClock,
  LAST_INSTANT,
  SandboxClock,
  type HostClock,
  type WallClock,
} from "../../../src/engine/base/clock.ts";
import { createEngine, createGeneration } from "../../support/engine.ts";

const NOON = Date.parse("2026-11-27T12:00:00Z");
const HOUR_MS = 3_600_000;

/** Creates a host with two clocks that the test sets, and a wall clock over it. */
function hostAt(date: number): { host: { date: number; monotonic: number }; wall: WallClock; look: () => void } {
  const host = { date, monotonic: 0 };
  let look: () => void = () => undefined;
  const clock: HostClock = {
    date: () => host.date,
    monotonic: () => host.monotonic,
    every: (_periodMs, callback) => {
      look = callback;
      return () => undefined;
    },
  };
  return {
    host,
    wall: createWallClock(clock),
    look: () => {
      look();
    },
  };
}

describe("the wall clock", () => {
  it("shows monotonic time while the host's clock runs at the same pace", () => {
    const { host, wall } = hostAt(NOON);
    host.date += 1500;
    host.monotonic += 1500.4;
    expect(wall.now()).toBe(NOON + 1500);
    expect(wall.agreesWithHost).toBe(true);
  });

  it("adopts a forward step of the host at the next reading", () => {
    const { host, wall } = hostAt(NOON);
    host.date += HOUR_MS;
    expect(wall.now()).toBe(NOON + HOUR_MS);
    host.monotonic += 10;
    host.date += 10;
    expect(wall.now()).toBe(NOON + HOUR_MS + 10);
    expect(wall.agreesWithHost).toBe(true);
  });

  it("continues to move forward when the host's clock is set back, and reports the difference", () => {
    const { host, wall } = hostAt(NOON);
    host.date -= HOUR_MS;
    host.monotonic += 20;
    expect(wall.now()).toBe(NOON + 20);
    expect(wall.agreesWithHost).toBe(false);
  });

  it("agrees with the host's clock again once that has caught up", () => {
    const { host, wall } = hostAt(NOON);
    host.date -= 60_000;
    host.monotonic += 1;
    wall.now();
    host.date += 60_001;
    expect(wall.now()).toBe(NOON + 1);
    expect(wall.agreesWithHost).toBe(true);
  });

  it("never runs backward, even if the host's clock jumps", () => {
    const { host, wall } = hostAt(NOON);
    let latest = wall.now();
    for (const step of [5, -HOUR_MS, 3, 2 * HOUR_MS, -1, -HOUR_MS, 0, 90_000]) {
      host.date += step;
      host.monotonic += 1;
      const shown = wall.now();
      expect(shown).toBeGreaterThanOrEqual(latest);
      latest = shown;
    }
  });

  it("reports a jump once, and ignores small corrections of the host", () => {
    const { host, wall, look } = hostAt(NOON);
    let jumps = 0;
    onTestFinished(wall.onJump(() => (jumps += 1)));
    host.date += 40;
    look();
    expect(jumps).toBe(0);
    host.date += HOUR_MS;
    // A request reads the clock before the check does, and so adopts the step first.
    wall.now();
    look();
    look();
    expect(jumps).toBe(1);
  });
});

describe("after a jump of the wall clock,", () => {
  it("all work that fell due meanwhile runs once and in order", () => {
    const world = createEngine();
    const sandbox = world.sandboxes.obtain("laptop");
    for (const processing of [50_000, 20_000]) createGeneration(sandbox, { timing: { queued: 10_000, processing } });
    expect(world.transitions).toEqual([]);
    world.wall.jump(8 * HOUR_MS);
    world.wall.pass(0);
    expect(world.transitions.map(({ to, at }) => ({ to, at: at - sandbox.clock.now() + 8 * HOUR_MS }))).toEqual([
      { to: "processing", at: 10_000 },
      { to: "processing", at: 10_000 },
      { to: "succeeded", at: 30_000 },
      { to: "succeeded", at: 60_000 },
    ]);
  });
});

describe("for a sandbox's clock,", () => {
  it("the clock stops at the end of the year 9999, at any rate", () => {
    const { host, wall } = hostAt(NOON);
    const clock = new SandboxClock(wall, SandboxClock.starting(wall, { rate: 1_000_000 }));
    host.monotonic += 365 * 24 * HOUR_MS;
    expect(clock.now()).toBe(LAST_INSTANT);
  });
});
