import { describe, expect, it } from "vitest";
import { ClockBusy } from "../../../src/engine/base/clock.ts";
import type { SandboxEvent } from "../../../src/engine/base/events.ts";
import { BEGINNING, createEngine } from "../../support/engine.ts";

describe("steering a clock", () => {
  it("is one caller's at a time, and is free again after a change that failed", () => {
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

  it("stores each change, arms the timer for it, and tells those who follow", () => {
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

  it("moves on in the mode that the clock has after a restart", () => {
    const { clock, steering, store, name } = createEngine().sandboxes.default;
    clock.freeze();
    steering.moveTo(BEGINNING + 1000, "running");
    expect(clock.state.mode).toBe("frozen");
    expect(JSON.parse(store.sandboxes.findByName(name)?.clock ?? "")).toEqual({ ...clock.state, mode: "running" });
  });
});
