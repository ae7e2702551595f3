/** Width and height in pixels. */
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/**
 * The even size whose longer side is `longSide` pixels and whose sides relate as a client wrote it ("16:9", "3:5",
 * "1024x768"). Text that is no ratio means a square: what to answer to it is the vendor's decision, made before.
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

/** Scales a size down so that neither side is longer than `longest`, keeping the ratio; sides are whole and positive. */
export function fitWithin({ width, height }: Dimensions, longest: number): Dimensions {
  const shrink = Math.min(1, longest / Math.max(width, height));
  return { width: toWhole(width * shrink), height: toWhole(height * shrink) };
}

/** The nearest even number of pixels, at least 2: video stores colour for squares of 2 x 2. */
export function toEven(pixels: number): number {
  return Math.max(2, Math.round(pixels / 2) * 2 || 2);
}

function toWhole(pixels: number): number {
  return Math.max(1, Math.round(pixels) || 1);
}
