/** Computes the state of a generation at one instant, which is all that vendors' views use. */
import type { Instant } from "../base/clock.ts";
import type { Generation, Output, ProgressCurve } from "./generation.ts";
import { isTerminal, type Phase } from "./phases.ts";
import { endOffset, offsetOf, stepAt, type Timeline } from "./timeline.ts";

export interface OutputObservation extends Output {
  readonly state: "unfinished" | "succeeded" | "failed" | "censored" | "cancelled";
}

export interface Observation {
  readonly generation: Generation;
  readonly phase: Phase;
  readonly now: Instant;
  /** Milliseconds since creation, or until the end once it has ended. */
  readonly elapsedMs: number;
  /** When processing began; undefined while queued, or if it never began. */
  readonly startedAt: Instant | undefined;
  /** When the generation ended; undefined before its end. */
  readonly endedAt: Instant | undefined;
  readonly outputs: readonly OutputObservation[];
  /** Percent done, 0 to 100, whole. */
  readonly progress: number;
}

/** Returns the state of the generation at `now`. */
export function observe(generation: Generation, now: Instant): Observation {
  const { timeline, createdAt } = generation;
  const elapsed = Math.max(0, now - createdAt);
  const step = stepAt(timeline, elapsed);
  const ended = isTerminal(step.phase);
  const startedOffset = offsetOf(timeline, "processing");
  return {
    generation,
    phase: step.phase,
    now,
    elapsedMs: ended ? step.offset : elapsed,
    startedAt: startedOffset === undefined || startedOffset > elapsed ? undefined : createdAt + startedOffset,
    endedAt: ended ? createdAt + step.offset : undefined,
    outputs: generation.outputs.map((output) => observeOutput(output, timeline, step.phase, elapsed)),
    progress: progressAt(generation, step.phase, elapsed),
  };
}

/**
 * Returns the state that a create answer shows: the first phase, even if the timeline ends at once (`instant` timing),
 * because every vendor answers a create before anything has run.
 */
export function observeAtCreation(generation: Generation): Observation {
  const { createdAt, outputs, timeline } = generation;
  return {
    generation,
    phase: timeline.steps[0].phase,
    now: createdAt,
    elapsedMs: 0,
    startedAt: undefined,
    endedAt: undefined,
    outputs: outputs.map((output) => ({ ...output, state: "unfinished" })),
    progress: 0,
  };
}

/** Returns when an output ends, in milliseconds from creation; undefined while no placed step ends it. */
export function outputEndOffset(output: Output, timeline: Timeline): number | undefined {
  if (output.endedOffset !== undefined) return output.endedOffset;
  const end = endOffset(timeline);
  if (end === undefined || output.leadMs === 0) return end;
  const before = timeline.steps[timeline.steps.length - 2];
  return Math.max(before?.offset ?? 0, end - output.leadMs);
}

/** Records the ends of outputs that have ended by `elapsed`, so that a new plan for the rest cannot undo them. */
export function recordEndedOutputs(outputs: readonly Output[], timeline: Timeline, elapsed: number): Output[] {
  return outputs.map((output) => {
    const end = outputEndOffset(output, timeline);
    return end === undefined || end > elapsed ? output : { ...output, endedOffset: end };
  });
}

function observeOutput(output: Output, timeline: Timeline, phase: Phase, elapsed: number): OutputObservation {
  const end = outputEndOffset(output, timeline);
  if (end === undefined || end > elapsed) return { ...output, state: "unfinished" };
  if (phase === "cancelled" && output.endedOffset === undefined) return { ...output, state: "cancelled" };
  return { ...output, state: output.result };
}

function progressAt(generation: Generation, phase: Phase, elapsed: number): number {
  if (phase === "succeeded") return 100;
  if (generation.progress !== undefined) return generation.progress;
  const started = offsetOf(generation.timeline, "processing");
  if (phase === "queued" || started === undefined || elapsed < started) return 0;
  if (generation.progressCurve !== undefined)
    return Math.min(99, progressOn(generation.progressCurve, elapsed - started));
  const end = endOffset(generation.timeline);
  // The end is unknown while it is processing, so half is shown.
  if (end === undefined || end <= started) return phase === "processing" ? 50 : 0;
  return Math.min(99, Math.floor(((elapsed - started) / (end - started)) * 100));
}

function progressOn({ points, overMs }: ProgressCurve, elapsed: number): number {
  const position = overMs === 0 ? points.length - 1 : (elapsed / overMs) * (points.length - 1);
  const index = Math.min(Math.floor(position), points.length - 1);
  const from = points[index] ?? 0;
  const to = points[index + 1] ?? from;
  return Math.floor(from + (to - from) * (position - index));
}
