/**
 * Represents the life of one generation as a value. A timeline is decided when the generation is created, and {@link
 * phaseAt} computes the phase at any moment from it, so no read can be late. Steering (cancel, force, hold, release, a
 * counted read) runs nothing: it returns a new timeline with the same past.
 *
 * Offsets are milliseconds from creation on the sandbox's clock.
 */
import { isTerminal, phases, type Phase, type TerminalPhase } from "./phases.ts";

/** A phase and when it begins. */
export interface Step {
  readonly phase: Phase;
  readonly offset: number;
}

/** A phase without a start time yet: it begins `after` milliseconds after the phase before it, once released. */
export interface OpenStep {
  readonly phase: Phase;
  readonly after: number;
}

export interface Timeline {
  /** Begins with the first phase at offset 0; offsets never decrease. */
  readonly steps: readonly [Step, ...Step[]];
  /** The phases that follow once reads (`polls`) or a release place them; empty if time alone decides. */
  readonly open: readonly OpenStep[];
  /** Reads that show each unfinished phase before the next begins; absent if reads do not count. */
  readonly polls?: number;
}

/** Returns a decoded timeline. Throws for a value that is not one; by hand, because lists decode many at once. */
export function timelineFrom(value: unknown): Timeline {
  const timeline = value as Timeline;
  const { steps, open, polls } = timeline;
  const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;
  const isKnown = ({ phase }: Step | OpenStep): boolean => phases.includes(phase);
  const isOrdered = steps.every(({ offset }, index) => isCount(offset) && offset >= (steps[index - 1]?.offset ?? 0));
  if (steps.length === 0 || !steps.every(isKnown) || !isOrdered)
    throw new Error("its steps are not those of a timeline");
  if (!open.every((step) => isKnown(step) && isCount(step.after))) throw new Error("its open steps are not known");
  if (polls !== undefined && !(isCount(polls) && polls > 0)) throw new Error(`${polls} is not a number of reads`);
  return timeline;
}

/** What moves a timeline on: time, a number of reads, or a release by the test. */
export type Progression = "time" | { readonly polls: number } | { readonly hold: Phase };

/** Thrown when steering asks for an impossible change, such as holding a phase that has passed. */
export class TimelineConflict extends Error {}

/** Builds a timeline from a first phase and the phases that follow. `polls` and `hold` leave later phases open. */
export function planTimeline(first: Phase, following: readonly OpenStep[], progression: Progression): Timeline {
  const start: Timeline = { steps: [{ phase: first, offset: 0 }], open: following };
  if (progression === "time") return placeAll(start, 0);
  if ("polls" in progression) return { ...start, polls: progression.polls };
  const heldIndex = progression.hold === first ? 0 : following.findIndex((step) => step.phase === progression.hold) + 1;
  if (heldIndex === 0 && progression.hold !== first) return placeAll(start, 0);
  const placed = placeAll({ ...start, open: following.slice(0, heldIndex) }, 0);
  return { ...placed, open: following.slice(heldIndex) };
}

/** Returns the phase at `elapsed` milliseconds after creation. */
export function phaseAt(timeline: Timeline, elapsed: number): Phase {
  return stepAt(timeline, elapsed).phase;
}

/** Returns the step in force at `elapsed`: the last that has begun. */
export function stepAt(timeline: Timeline, elapsed: number): Step {
  let current: Step = timeline.steps[0];
  for (const step of timeline.steps) {
    if (step.offset > elapsed) break;
    current = step;
  }
  return current;
}

/** Returns the last placed step. */
export function lastStep(timeline: Timeline): Step {
  return timeline.steps[timeline.steps.length - 1] ?? timeline.steps[0];
}

/** Returns when the generation ends; undefined while no placed step ends it. */
export function endOffset(timeline: Timeline): number | undefined {
  const last = lastStep(timeline);
  return isTerminal(last.phase) ? last.offset : undefined;
}

/** Returns when the given phase begins; undefined when it is not placed. */
export function offsetOf(timeline: Timeline, phase: Phase): number | undefined {
  return timeline.steps.find((step) => step.phase === phase)?.offset;
}

/** Places the next open step at `elapsed`; a counted read uses this. */
export function placeNext(timeline: Timeline, elapsed: number): Timeline {
  const [next, ...open] = timeline.open;
  if (next === undefined) return timeline;
  const offset = Math.max(elapsed, lastStep(timeline).offset);
  return { ...timeline, steps: [...timeline.steps, { phase: next.phase, offset }], open };
}

/** Releases a held timeline: the open steps follow from `elapsed` with their original durations. */
export function release(timeline: Timeline, elapsed: number): Timeline {
  const { polls: _polls, ...rest } = timeline;
  return placeAll(rest, elapsed);
}

/**
 * Holds the generation in `phase` (default: its current phase) until it is released. Throws {@link TimelineConflict}
 * for a phase that has passed, is terminal, or is not planned.
 */
export function hold(timeline: Timeline, elapsed: number, phase: Phase = phaseAt(timeline, elapsed)): Timeline {
  const current = stepAt(timeline, elapsed);
  const steps = [...timeline.steps];
  const currentIndex = steps.indexOf(current);
  const heldIndex = steps.findIndex((step) => step.phase === phase);
  if (isTerminal(current.phase)) throw new TimelineConflict(`It has already ended: ${current.phase}.`);
  if (isTerminal(phase)) throw new TimelineConflict(`Only an unfinished phase can be held, not ${phase}.`);
  if (heldIndex === -1) throw new TimelineConflict(`It is ${current.phase} and will never be ${phase}.`);
  if (heldIndex < currentIndex) throw new TimelineConflict(`It is ${current.phase} already, past ${phase}.`);
  const [first, ...kept] = steps.slice(0, heldIndex + 1);
  if (first === undefined) throw new TimelineConflict("A timeline has no steps.");
  let from = heldIndex === currentIndex ? elapsed : (steps[heldIndex]?.offset ?? elapsed);
  const lifted = steps.slice(heldIndex + 1).map((step) => {
    const after = step.offset - from;
    from = step.offset;
    return { phase: step.phase, after };
  });
  const { polls: _polls, ...rest } = timeline;
  return { ...rest, steps: [first, ...kept], open: [...lifted, ...timeline.open] };
}

/** Ends the generation at `elapsed` and drops the later steps. Returns the same timeline if it has already ended. */
export function endWith(timeline: Timeline, elapsed: number, phase: TerminalPhase): Timeline {
  if (isTerminal(phaseAt(timeline, elapsed))) return timeline;
  const [first, ...rest] = timeline.steps.filter((step) => step.offset <= elapsed);
  if (first === undefined) return timeline;
  return { steps: [first, ...rest, { phase, offset: elapsed }], open: [] };
}

function placeAll(timeline: Timeline, elapsed: number): Timeline {
  let offset = Math.max(elapsed, lastStep(timeline).offset);
  const placed = timeline.open.map((step) => {
    offset += step.after;
    return { phase: step.phase, offset };
  });
  return { ...timeline, steps: [...timeline.steps, ...placed], open: [] };
}
