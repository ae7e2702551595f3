/** Chooses the instants that an axis of time marks, and their texts. */
import type { Instant } from "./model.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((count) => count * DAY),
] as const;

export interface Scale {
  readonly from: Instant;
  readonly to: Instant;
  readonly width: number;
}

/** Returns the place of an instant, in pixels. */
export function placeOf({ from, to, width }: Scale, at: Instant): number {
  return to === from ? 0 : ((at - from) / (to - from)) * width;
}

export interface Mark {
  readonly at: Instant;
  readonly text: string;
}

/** Returns at most about one mark for each `spacing` pixels, at round instants. */
export function marksOf({ from, to, width }: Scale, spacing = 96): Mark[] {
  const wanted = ((to - from) / Math.max(1, width)) * spacing;
  const step = steps.find((each) => each >= wanted) ?? DAY * 365;
  const marks: Mark[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to && marks.length < 200; at += step)
    marks.push({ at, text: textOf(at, step) });
  return marks;
}

function textOf(at: Instant, step: number): string {
  const text = new Date(at).toISOString();
  if (step < SECOND) return text.slice(11, step < 10 ? 23 : step < 100 ? 22 : 21);
  if (step < MINUTE) return text.slice(11, 19);
  if (step < DAY) return text.slice(11, 16);
  return text.slice(0, 10);
}

/** Returns a scale that shows these extents with some air on both sides. */
export function scaleFor(extents: readonly (readonly [Instant, Instant])[], width: number, now: Instant): Scale {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const [first, last] of extents) {
    from = Math.min(from, first);
    to = Math.max(to, last);
  }
  if (from > to) [from, to] = [now - 5000, now + 5000];
  const span = Math.max(to - from, 500);
  return { from: from - span * 0.02, to: from + span * 1.06, width };
}
