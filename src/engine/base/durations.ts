/**
 * Parses durations as people write them. It imports nothing, so the library can use it before it loads anything else.
 */

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const WRITTEN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** A hundred years of 365.25 days: the sum of a few such durations still fits a database and a `Date`. */
export const LONGEST_DURATION_MS = 36_525 * UNIT_MS.d;

/** A duration as people write it: `"30s"`, `"2m"`, `"1500ms"`, `"1h"`, `"30d"`, or a number of milliseconds. */
export type Duration = string | number;

/** Returns the milliseconds of a written duration of any length; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const match = WRITTEN.exec(text.trim());
  if (match === null) return undefined;
  const [, amount, unit] = match;
  if (unit !== "ms" && unit !== "s" && unit !== "m" && unit !== "h" && unit !== "d") return undefined;
  return Math.round(Number(amount) * UNIT_MS[unit]);
}
