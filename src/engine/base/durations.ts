/** Durations as people write them. It loads nothing, so that the library can read them before anything else. */

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const WRITTEN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** A hundred years of 365.25 days: the sum of a few still is an instant that a database and a `Date` can hold. */
export const LONGEST_DURATION_MS = 36_525 * UNIT_MS.d;

/** A duration as people write it: `"30s"`, `"2m"`, `"1500ms"`, `"1h"`, `"30d"`, or a number of milliseconds. */
export type Duration = string | number;

/** The milliseconds of a written duration, however long; undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  const match = WRITTEN.exec(text.trim());
  if (match === null) return undefined;
  const [, amount, unit] = match;
  if (unit !== "ms" && unit !== "s" && unit !== "m" && unit !== "h" && unit !== "d") return undefined;
  return Math.round(Number(amount) * UNIT_MS[unit]);
}
