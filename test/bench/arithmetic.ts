/** What the bench concludes from its measurements. */

export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Median and quartiles; between two values they are interpolated. All are NaN for no values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => {
    const place = part * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    const above = sorted[Math.ceil(place)] ?? Number.NaN;
    return below + (above - below) * (place - Math.floor(place));
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}

/** The value below which this part of all lies: one of them, the last for 1. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/**
 * The ratio of two servers: of their figures inside each round, over the rounds. What happens to the machine between
 * rounds does not touch it, as it would a ratio of medians.
 */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Spread {
  if (ours.length !== theirs.length) throw new RangeError("Both must have been measured in every round.");
  return spreadOf(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

export type Verdict = "met" | "missed, within tolerance" | "missed";

/** A run fails when what is promised is missed by more than this factor. */
const TOLERANCE = 1.25;

export function judge(measured: number, promised: number): Verdict {
  if (measured <= promised) return "met";
  // What could not be measured is not met.
  return measured <= promised * TOLERANCE ? "missed, within tolerance" : "missed";
}
