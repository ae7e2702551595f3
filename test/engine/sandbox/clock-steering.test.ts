/** Tests that one caller at a time steers a clock, and that a failed change has no effect. */
import { describe, expect, it } from "vitest";
import { ClockBusy } from "../../../src/engine/base/clock.ts";
import type { SandboxEvent } from "../../../src/engine/base/events.ts";
import { BEGINNING, createEngine } from "../../support/engine.ts";

describe("when a clock is steered,", () => {
  it("one caller at a time steers the clock, and a failed change releases it", () => {
    const { steering } = createEngine().sandboxes.default;
    const release = steering.claim();
    expect(steering.isClaimed).toBe(true);
    expect(() => {
      steering.change(() => undefined);
    }).toThrow(ClockBusy);
    release();
    expect(() => {
      steering.change(() => {
        throw new Error("No such rate.");
      });
    }).toThrow("No such rate.");
    expect(steering.isClaimed).toBe(false);
  });

  it("a change of the clock is stored, arms the timer, and notifies followers", () => {
    const { sandboxes, wall } = createEngine();
    const { clock, steering, events, store, name } = sandboxes.default;
    const told: SandboxEvent[] = [];
    events.follow((event) => told.push(event));
    steering.change(() => {
      clock.freeze();
    });
    expect(JSON.parse(store.sandboxes.findByName(name)?.clock ?? "")).toEqual(clock.state);
    expect(told).toMatchObject([{ kind: "clock.moved", at: BEGINNING, mode: "frozen" }]);
    expect(wall.armed).toBe(0);
  });

  it("a move of the clock stores the mode that the clock must have after a restart", () => {
    const { clock, steering, store, name } = createEngine().sandboxes.default;
    clock.freeze();
    steering.moveTo(BEGINNING + 1000, "running");
    expect(clock.state.mode).toBe("frozen");
    expect(JSON.parse(store.sandboxes.findByName(name)?.clock ?? "")).toEqual({ ...clock.state, mode: "running" });
  });
});
