/** Computes the sizes of images and videos. */

/** Width and height in pixels. */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/**
 * Returns an even size with a long side of `longSide` pixels and the ratio that a client wrote ("16:9", "3:5",
 * "1024x768"). Any other text gives a square, because the vendor has already decided how to answer it.
 *
 * @example dimensionsFor("16:9", 1280) // { width: 1280, height: 720 }
 */
export function dimensionsFor(aspectRatio: string | undefined, longSide: number): Dimensions {
  const [, left, right] = /^\s*(\d+(?:\.\d+)?)\s*[:x/]\s*(\d+(?:\.\d+)?)\s*$/i.exec(aspectRatio ?? "") ?? [];
  const ratio = Number(left) / Number(right);
  if (!Number.isFinite(ratio) || ratio <= 0) return { width: toEven(longSide), height: toEven(longSide) };
  return ratio >= 1
    ? { width: toEven(longSide), height: toEven(longSide / ratio) }
    : { width: toEven(longSide * ratio), height: toEven(longSide) };
}

/** Scales a size down so that no side exceeds `longest`, and keeps the ratio; sides are whole and positive. */
export function fitWithin({ width, height }: Dimensions, longest: number): Dimensions {
  const shrink = Math.min(1, longest / Math.max(width, height));
  return { width: toWhole(width * shrink), height: toWhole(height * shrink) };
}

/** Returns the nearest even number of pixels, at least 2, because video stores colour for squares of 2 x 2. */
export function toEven(pixels: number): number {
  return Math.max(2, Math.round(pixels / 2) * 2 || 2);
}

function toWhole(pixels: number): number {
  return Math.max(1, Math.round(pixels) || 1);
}
