/** Draws pictures of rectangles and text, in the few tones of a seed. */
import { coloursFor, TONES, type Colours, type Tone } from "./colour.ts";
import { glyphHasInk, glyphHeight, glyphWidth } from "./font.ts";

/** Pixels of the font from one character to the next. */
export const advance = glyphWidth + 1;

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly tone: Tone;
}

/** A line of text. */
export interface TextLine {
  readonly left: number;
  readonly top: number;
  /** Pixels of the picture per font pixel, in each direction. */
  readonly scale: number;
  readonly tone: Tone;
  /** Printable ASCII. */
  readonly text: string;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly seed: string;
  /** Painted in this order. */
  readonly rectangles: readonly Rectangle[];
  readonly lines: readonly TextLine[];
}

/** Equal, adjacent pixel rows. */
export interface Band {
  readonly top: number;
  /** The first row below the band. */
  readonly bottom: number;
  /** The tone of each pixel of a row. */
  readonly tones: Uint8Array;
}

/**
 * A picture as bands of equal rows. It is not stored as pixels, so that encoders handle equal rows at once, and a
 * picture of 4096 x 4096 costs little more than a small one.
 */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly colours: Colours;
  /** From top to bottom; together they cover the picture. */
  readonly bands: readonly Band[];
}

/** Returns the width of a text in font pixels. */
export function textColumns(text: string): number {
  return Math.max(0, text.length * advance - 1);
}

export function paint({ width, height, seed, rectangles, lines }: Drawing): Picture {
  const edges = [
    ...rectangles.flatMap(({ top, height: tall }) => [top, top + tall]),
    ...lines.flatMap(({ top, scale }) => Array.from({ length: glyphHeight + 1 }, (_, row) => top + row * scale)),
  ];
  const tops = [...new Set([0, ...edges])].filter((y) => y >= 0 && y < height).sort((a, b) => a - b);
  const bands = tops.map((top, index): Band => {
    const tones = new Uint8Array(width);
    for (const { left, top: from, width: wide, height: tall, tone } of rectangles)
      if (top >= from && top < from + tall) tones.fill(tone, left, left + wide);
    for (const line of lines) paintRow(tones, line, top);
    return { top, bottom: tops[index + 1] ?? height, tones };
  });
  return { width, height, colours: coloursFor(seed), bands };
}

function paintRow(tones: Uint8Array, { left, top, scale, tone, text }: TextLine, y: number): void {
  const row = Math.floor((y - top) / scale);
  if (row < 0 || row >= glyphHeight) return;
  for (let position = 0; position < text.length; position++) {
    for (let column = 0; column < glyphWidth; column++) {
      if (!glyphHasInk(text.charCodeAt(position), column, row)) continue;
      const from = left + (position * advance + column) * scale;
      tones.fill(tone, from, from + scale);
    }
  }
}

/** Returns the run lengths of a pixel row, from left to right. */
export function runsOf({ tones }: Band): readonly { readonly tone: number; readonly length: number }[] {
  const runs: { tone: number; length: number }[] = [];
  for (let from = 0; from < tones.length;) {
    const tone = tones[from] ?? 0;
    let to = from + 1;
    while (to < tones.length && tones[to] === tone) to++;
    runs.push({ tone, length: to - from });
    from = to;
  }
  return runs;
}

/** Reads squares of a picture, a row of squares at a time. */
export class SquareReader {
  readonly #picture: Picture;
  readonly #size: number;
  /** The bands that cross the current row of squares. */
  #bands: readonly Band[] = [];
  #top = 0;

  constructor(picture: Picture, size: number) {
    this.#picture = picture;
    this.#size = size;
  }

  /** Goes to the row of squares that begins at a pixel row. */
  enterRow(top: number): void {
    this.#top = top;
    this.#bands = this.#picture.bands.filter((band) => band.bottom > top && band.top < top + this.#size);
  }

  /**
   * Returns the tones of a square, row by row, or the only tone of it. The area outside the picture counts as
   * background.
   */
  read(left: number): Uint8Array | Tone {
    const tone = this.#onlyTone(left);
    if (tone !== undefined) return tone;
    const square = new Uint8Array(this.#size ** 2);
    for (const { top, bottom, tones } of this.#bands) {
      const row = tones.subarray(left, left + this.#size);
      const end = Math.min(bottom, this.#top + this.#size);
      for (let y = Math.max(top, this.#top); y < end; y++) square.set(row, (y - this.#top) * this.#size);
    }
    return square;
  }

  #onlyTone(left: number): Tone | undefined {
    const isWhole = left + this.#size <= this.#picture.width && this.#top + this.#size <= this.#picture.height;
    const first = isWhole ? this.#bands[0]?.tones[left] : TONES.background;
    for (const { tones } of this.#bands) {
      const end = Math.min(left + this.#size, this.#picture.width);
      for (let x = left; x < end; x++) if (tones[x] !== first) return undefined;
    }
    return Object.values(TONES).find((tone) => tone === first);
  }
}
