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
 * The quarter of the rounds in which the reference cost least, cheapest first; of equals the earlier. The reference
 * alone chooses them: what is compared with it has no say in which rounds count.
 */
export function quietestRounds(reference: readonly number[]): readonly number[] {
  return reference
    .map((cost, round) => ({ cost, round }))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, Math.ceil(reference.length / 4))
    .map(({ round }) => round);
}

/** The ratio of two costs, taken inside each round. */
export interface Ratio {
  /** Over the quietest rounds. A busy machine slows the cheap more than the dear, so the others flatter who is dearer. */
  readonly quietest: Spread;
  readonly all: Spread;
}

/** Throws when one of the two was not measured in every round. */
export function ratioOf(ours: readonly number[], theirs: readonly number[], quietest: readonly number[]): Ratio {
  if (ours.length !== theirs.length) throw new RangeError("Both must have been measured in every round.");
  const ratios = ours.map((value, round) => value / (theirs[round] ?? Number.NaN));
  return { quietest: spreadOf(quietest.map((round) => ratios[round] ?? Number.NaN)), all: spreadOf(ratios) };
}

/**
 * How far two of the same come apart, as a factor of at least 1: the farther from 1 of the two quartiles of their
 * ratios, upwards or downwards.
 */
export function aaSpreadOf({ low, high }: Spread): number {
  return Math.max(1, high, 1 / low);
}

/**
 * A reference that costs more than this many times the least of its warm-up was measured on a busy machine, and so was
 * an A/A pair of this spread.
 */
export const NOISY_ABOVE = 1.3;

/**
 * Whether a run is too noisy to be published. It is judged by the median of all rounds, because the quietest quarter
 * is quiet by its choice: a machine that was busy for most of a run shows in the median alone.
 */
export function isNoisy(medianOfRounds: number, leastInWarmUp: number): boolean {
  // What could not be measured is not quiet.
  return !(medianOfRounds <= leastInWarmUp * NOISY_ABOVE);
}

/** A server that is asked as fast as it answers is at work all the time; one that was less had to share its core. */
export const LEAST_BUSY = 0.8;

export type Verdict = "met" | "met within the A/A spread" | "missed";

/** Judges a figure that may be `promised` at most. An A/A spread of 1 leaves no tolerance. */
export function judge(measured: number, promised: number, aaSpread: number): Verdict {
  if (measured <= promised) return "met";
  // What could not be measured is not met.
  return measured <= promised * aaSpread ? "met within the A/A spread" : "missed";
}
