/** Estimates the length of speech, and rounds seconds to the hundredths that sync uses. */

/** Approximate characters of speech per second [inferred]. */
const CHARACTERS_PER_SECOND = 15;

/** Returns the seconds that a spoken script takes. */
export function speechSeconds(script: string): number {
  return toHundredths(Math.max(1, script.length / CHARACTERS_PER_SECOND));
}

export function toHundredths(seconds: number): number {
  return Math.max(0.04, Math.round(seconds * 100) / 100);
}
