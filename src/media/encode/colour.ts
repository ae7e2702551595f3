/** Derives the calm colours of a picture from a seed. */
import { createHash } from "node:crypto";

/** Red, green and blue, each 0 to 255. */
export type Rgb = readonly [number, number, number];

/**
 * The shades of a picture. They differ from the background by the same amount in every channel. Their chroma is
 * therefore equal, and encoders that store luma and chroma apart store detail of the luma only.
 */
export const TONES = { background: 0, ink: 1, soft: 2, shade: 3 } as const;

export type Tone = (typeof TONES)[keyof typeof TONES];

/** The colour of each tone. */
export type Colours = readonly [background: Rgb, ink: Rgb, soft: Rgb, shade: Rgb];

/** How much darker the shade is than the background. */
const SHADE_DROP = 20;

/** Hashes a seed, so that related seeds give unrelated bytes. */
export function hashSeed(seed: string): Uint8Array {
  return createHash("sha256").update(seed).digest();
}

/**
 * Returns the colours of a seed: a dark, unsaturated background of any hue, pale text, dimmed text, and a darker shade.
 *
 * @example coloursFor("gen_123")[0] // [43, 61, 92]
 */
export function coloursFor(seed: string): Colours {
  const [first = 0, second = 0, third = 0] = hashSeed(seed);
  const background = calmColour(((first << 8) | second) % 360, 58 + (third % 5) * 5);
  const toInk = 255 - Math.max(...background);
  return [
    background,
    shift(background, toInk),
    shift(background, Math.round(toInk * 0.58)),
    shift(background, -SHADE_DROP),
  ];
}

/** Returns the colour of a hue in degrees; `middle` is the mean of its least and its greatest channel. */
function calmColour(hue: number, middle: number): Rgb {
  const spread = Math.round(middle * 0.42);
  const channel = (offset: number): number => {
    const angle = (hue + offset) % 360;
    const distance = Math.min(angle, 360 - angle);
    // Within 60 degrees of the channel's own hue it is greatest, beyond 120 least, and linear between.
    const share = Math.max(-60, Math.min(60, 2 * (90 - distance)));
    return middle + Math.round((spread * share) / 60);
  };
  return [channel(0), channel(240), channel(120)];
}

function shift([red, green, blue]: Rgb, by: number): Rgb {
  return [red + by, green + by, blue + by];
}
