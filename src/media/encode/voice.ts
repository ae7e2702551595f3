/** Plans the syllables of speech: when a voice sounds, how high and how loud. The plan repeats. */
import { createHash } from "node:crypto";

/** Loudness from 0 (a pause) to 3. */
export type Loudness = 0 | 1 | 2 | 3;

export interface Moment {
  readonly loudness: Loudness;
  /** 0 is the voice's usual pitch, 3 its highest. */
  readonly pitch: number;
}

/** Milliseconds of one moment; the shortest that a listener notices. */
export const momentMs = 20;

const pause: Moment = { loudness: 0, pitch: 0 };
/** Moments of a syllable by loudness; it begins fast and fades. */
const shapes: readonly (readonly Loudness[])[] = [
  [2, 3, 3, 3, 2, 1, 0],
  [2, 3, 3, 3, 3, 2, 2, 1, 0],
  [1, 3, 3, 2, 2, 0],
  [2, 3, 3, 3, 3, 3, 3, 2, 1, 1, 0, 0],
];
const syllablesPerPhrase = 7;
const momentsBetweenPhrases = 16;

/** Returns the moments of a few phrases of speech, which a caller repeats. */
export function speechMoments(seed: string): readonly Moment[] {
  const bytes = createHash("sha256").update(`speech ${seed}`).digest();
  return [...bytes].flatMap((byte, index) => {
    const shape = shapes[byte & 3] ?? [];
    const pitch = (byte >> 2) & 3;
    const moments = shape.map((loudness): Moment => ({ loudness, pitch }));
    const endsPhrase = index % syllablesPerPhrase === syllablesPerPhrase - 1 || index === bytes.length - 1;
    return endsPhrase ? [...moments, ...Array.from({ length: momentsBetweenPhrases }, () => pause)] : moments;
  });
}

/** Returns the moment at a time after the start. */
export function momentAt(moments: readonly Moment[], milliseconds: number): Moment {
  return moments[Math.floor(milliseconds / momentMs) % moments.length] ?? pause;
}
