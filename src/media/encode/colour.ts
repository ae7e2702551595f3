import { createHash } from "node:crypto";

/** Red, green and blue, each 0 to 255. */
export type Rgb = readonly [number, number, number];

export interface Colours {
  readonly background: Rgb;
  readonly ink: Rgb;
}

/** Turns a seed into bytes that look unrelated for related seeds. */
export function hashSeed(seed: string): Uint8Array {
  return createHash("sha256").update(seed).digest();
}

/**
 * The background that a seed decides, with the ink (black or white) that can be read on it.
 *
 * @example coloursFor("gen_123") // { background: [58, 11, 201], ink: [255, 255, 255] }
 */
export function coloursFor(seed: string): Colours {
  const [red = 0, green = 0, blue = 0] = hashSeed(seed);
  // Weighted as the eye does; above about 150 of 255 black is easier to read than white.
  const isBright = red * 299 + green * 587 + blue * 114 > 150_000;
  return { background: [red, green, blue], ink: isBright ? [0, 0, 0] : [255, 255, 255] };
}
