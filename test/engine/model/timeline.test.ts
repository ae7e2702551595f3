/** Tests that the phases of a generation only move forward, however a test steers them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTerminal, phases, type Phase } from "../../../src/engine/model/phases.ts";
import {
  endOffset,
  endWith,
  hold,
  phaseAt,
  placeNext,
  planTimeline,
  release,
  TimelineConflict,
  type Progression,
  type Timeline,
} from "../../../src/engine/model/timeline.ts";

const order = (phase: Phase): number => (isTerminal(phase) ? 2 : phases.indexOf(phase));

const following = (queued: number, processing: number) => [
  { phase: "processing" as const, after: queued },
  { phase: "succeeded" as const, after: processing },
];

const progressions = fc.oneof(
  fc.constant<Progression>("time"),
  fc.integer({ min: 1, max: 4 }).map((polls): Progression => ({ polls })),
  fc.constantFrom<Phase>("queued", "processing").map((phase): Progression => ({ hold: phase })),
);

const timelines = fc
  .record({ queued: fc.nat(5000), processing: fc.nat(60_000), progression: progressions })
  .map(({ queued, processing, progression }) => planTimeline("queued", following(queued, processing), progression));

type Steer = (timeline: Timeline, elapsed: number) => Timeline;
const steers: readonly Steer[] = [
  (timeline, elapsed) => endWith(timeline, elapsed, "cancelled"),
  (timeline, elapsed) => endWith(timeline, elapsed, "failed"),
  (timeline, elapsed) => (isTerminal(phaseAt(timeline, elapsed)) ? timeline : hold(timeline, elapsed)),
  (timeline, elapsed) => release(timeline, elapsed),
  (timeline, elapsed) => placeNext(timeline, elapsed),
];

describe("for a timeline,", () => {
  it("the phase only moves forward as time passes, however the timeline is steered", () => {
    const script = fc.array(fc.record({ wait: fc.nat(10_000), steer: fc.constantFrom(...steers) }), { maxLength: 12 });
    fc.assert(
      fc.property(timelines, script, (planned, steps) => {
        let timeline = planned;
        let elapsed = 0;
        let reached = order(phaseAt(timeline, elapsed));
        for (const { wait, steer } of steps) {
          elapsed += wait;
          const before = phaseAt(timeline, elapsed);
          expect(order(before)).toBeGreaterThanOrEqual(reached);
          timeline = steer(timeline, elapsed);
          const after = phaseAt(timeline, elapsed);
          expect(order(after)).toBeGreaterThanOrEqual(order(before));
          if (isTerminal(before)) expect(after).toBe(before);
          reached = order(after);
        }
      }),
    );
  });

  it("steering a timeline keeps its past", () => {
    fc.assert(
      fc.property(timelines, fc.nat(20_000), fc.constantFrom(...steers), (timeline, elapsed, steer) => {
        const steered = steer(timeline, elapsed);
        for (let at = 0; at < elapsed; at += Math.max(1, Math.floor(elapsed / 20)))
          expect(phaseAt(steered, at)).toBe(phaseAt(timeline, at));
      }),
    );
  });

  it("a timeline has each phase at most once, at offsets that never decrease", () => {
    fc.assert(
      fc.property(
        timelines,
        fc.array(fc.tuple(fc.nat(5000), fc.constantFrom(...steers)), { maxLength: 8 }),
        (planned, script) => {
          let timeline = planned;
          let elapsed = 0;
          for (const [wait, steer] of script) timeline = steer(timeline, (elapsed += wait));
          const offsets = timeline.steps.map((step) => step.offset);
          expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
          expect(new Set(timeline.steps.map((step) => step.phase)).size).toBe(timeline.steps.length);
        },
      ),
    );
  });

  it("a held phase lasts until its release, and then the planned durations follow", () => {
    const held = planTimeline("queued", following(1000, 4000), { hold: "processing" });
    expect(phaseAt(held, 999)).toBe("queued");
    expect(phaseAt(held, 10_000_000)).toBe("processing");
    expect(endOffset(held)).toBeUndefined();
    const released = release(held, 60_000);
    expect(phaseAt(released, 63_999)).toBe("processing");
    expect(phaseAt(released, 64_000)).toBe("succeeded");
  });

  it("a phase held in its middle keeps the rest of its duration", () => {
    const released = release(hold(planTimeline("queued", following(1000, 4000), "time"), 2000), 50_000);
    expect(endOffset(released)).toBe(53_000);
  });

  it("a timeline can be held at a phase that has not begun", () => {
    const held = hold(planTimeline("queued", following(1000, 4000), "time"), 100, "processing");
    expect(phaseAt(held, 900_000)).toBe("processing");
  });

  it("a timeline cannot be held at a past phase or at a phase that is not planned", () => {
    const timeline = planTimeline("queued", following(1000, 4000), "time");
    expect(() => hold(timeline, 2000, "queued")).toThrow(TimelineConflict);
    expect(() => hold(timeline, 2000, "succeeded")).toThrow(TimelineConflict);
    expect(() => hold(timeline, 9000)).toThrow(TimelineConflict);
  });

  it("a timeline ends where it is told to, and the end cannot be undone", () => {
    const cancelled = endWith(planTimeline("queued", following(1000, 4000), "time"), 2000, "cancelled");
    expect(phaseAt(cancelled, 10_000)).toBe("cancelled");
    expect(endWith(cancelled, 3000, "failed")).toBe(cancelled);
  });
});
