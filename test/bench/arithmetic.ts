/** Computes the statistics of the bench: spreads, ratios, noise and verdicts. */

export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Returns the median and the quartiles, interpolated between two values. All are NaN for an empty list. */
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

/** Returns the percentile, which is always one of the values; `part` 1 returns the greatest. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

/**
 * Returns the quarter of the rounds in which the reference cost least, cheapest first, and the earlier of equal rounds.
 * Only the reference chooses these rounds; the compared case has no influence.
 */
export function quietestRounds(reference: readonly number[]): readonly number[] {
  return reference
    .map((cost, round) => ({ cost, round }))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, Math.ceil(reference.length / 4))
    .map(({ round }) => round);
}

/** The ratio of two costs, taken within each round. */
export interface Ratio {
  /** The ratio over the quietest rounds. A busy machine slows a cheap server more, so it favours a costly one. */
  readonly quietest: Spread;
  readonly all: Spread;
}

/** Returns the ratio of two costs. Throws unless both were measured in every round. */
export function ratioOf(ours: readonly number[], theirs: readonly number[], quietest: readonly number[]): Ratio {
  if (ours.length !== theirs.length) throw new RangeError("Both must have been measured in every round.");
  const ratios = ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
  return { quietest: spreadOf(quietest.map((round) => ratios[round] ?? Number.NaN)), all: spreadOf(ratios) };
}

/**
 * Returns how much two processes of the same server differ, as a factor of at least 1: the quartile of their ratios
 * that is farther from 1, in either direction.
 */
export function aaSpreadOf({ low, high }: Spread): number {
  return Math.max(1, high, 1 / low);
}

/**
 * The limit of noise. A reference that costs more than this many times its least cost in the warm-up was measured on a
 * busy machine, and so was an A/A pair with a greater spread.
 */
export const NOISY_ABOVE = 1.3;

/**
 * Returns whether a run is too noisy to be published. It uses the median of all rounds, because the quietest quarter is
 * quiet by selection: only the median shows a machine that was busy for most of the run.
 */
export function isNoisy(medianOfRounds: number, leastInWarmUp: number): boolean {
  // Counts NaN, a missing measurement, as noisy.
  return !(medianOfRounds <= leastInWarmUp * NOISY_ABOVE);
}

/** The least part of the time in which a fully loaded server is busy. A server below it had to share its core. */
export const LEAST_BUSY = 0.8;

export type Verdict = "met" | "met within the A/A spread" | "missed";

/** Judges a figure whose maximum is `promised`. An A/A spread of 1 leaves no tolerance. */
export function judge(measured: number, promised: number, aaSpread: number): Verdict {
  if (measured <= promised) return "met";
  // Counts NaN, a missing measurement, as missed.
  return measured <= promised * aaSpread ? "met within the A/A spread" : "missed";
}
