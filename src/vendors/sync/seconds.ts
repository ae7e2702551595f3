/** How long speech becomes, and the hundredths of a second that sync counts in. */

/** Speech runs at about this many characters a second [inferred]. */
const CHARACTERS_PER_SECOND = 15;

/** How long a script takes to be spoken. */
export function speechSeconds(script: string): number {
  return toHundredths(Math.max(1, script.length / CHARACTERS_PER_SECOND));
}

export function toHundredths(seconds: number): number {
  return Math.max(0.04, Math.round(seconds * 100) / 100);
}
