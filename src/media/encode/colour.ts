/** Derives the colours of a picture from a seed. */
import { createHash } from "node:crypto";

/** Red, green and blue, each 0 to 255. */
export type Rgb = readonly [number, number, number];

export interface Colours {
  readonly background: Rgb;
  readonly ink: Rgb;
}

/** Hashes a seed, so that related seeds give unrelated bytes. */
export function hashSeed(seed: string): Uint8Array {
  return createHash("sha256").update(seed).digest();
}

/**
 * Returns the background colour of a seed, and the readable ink on it (black or white).
 *
 * @example coloursFor("gen_123") // { background: [58, 11, 201], ink: [255, 255, 255] }
 */
export function coloursFor(seed: string): Colours {
  const [red = 0, green = 0, blue = 0] = hashSeed(seed);
  // Weighted like human vision; above about 150 of 255, black is easier to read than white.
  const isBright = red * 299 + green * 587 + blue * 114 > 150_000;
  return { background: [red, green, blue], ink: isBright ? [0, 0, 0] : [255, 255, 255] };
}
