/** Draws the pictures of images and videos: a title on a flat background. */
import { coloursFor, type Colours } from "./colour.ts";
import { glyphHasInk, glyphHeight, glyphWidth } from "./font.ts";

/**
 * A flat background with a block of text. It is stored in this form and not as pixels, so every encoder can handle the
 * blank part at once, and a picture of 4096 x 4096 costs little more than a small one.
 */
export interface Picture extends Colours {
  /** The size in pixels. */
  readonly width: number;
  readonly height: number;
  readonly text: TextBlock;
}

interface TextBlock {
  /** Position of the block in the picture, in pixels. */
  readonly left: number;
  readonly top: number;
  /** Pixels of the picture per font pixel, in each direction. */
  readonly scale: number;
  /** Size of the block in font pixels. */
  readonly columns: number;
  readonly rows: number;
  /** The font pixels row by row; 1 for ink. */
  readonly cells: Uint8Array;
}

export interface PictureSpec {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly seed: string;
  /** The largest area of the text block in pixels, for formats whose size depends on it. */
  readonly maxTextPixels?: number;
  /** The block starts at multiples of this many pixels, for formats that store squares of that size. */
  readonly textGrid?: number;
}

interface TextLayout {
  readonly scale: number;
  readonly lines: readonly string[];
}

const advance = glyphWidth + 1;
const lineHeight = glyphHeight + 2;

/** Draws the title as large as the picture allows, in the middle of the seed's background. */
export function drawPicture(spec: PictureSpec): Picture {
  const { scale, lines } = layOut(spec);
  const columns = Math.max(0, (lines[0] ?? "").length * advance - 1);
  const rows = Math.max(0, lines.length * lineHeight - 2);
  const cells = new Uint8Array(columns * rows);
  for (const [line, text] of lines.entries()) {
    for (const [position, character] of Array.from(text).entries()) {
      for (let cell = 0; cell < glyphWidth * glyphHeight; cell++) {
        const column = cell % glyphWidth;
        const row = Math.floor(cell / glyphWidth);
        if (!glyphHasInk(character, column, row)) continue;
        cells[(line * lineHeight + row) * columns + position * advance + column] = 1;
      }
    }
  }
  const grid = spec.textGrid ?? 1;
  const left = Math.floor((spec.width - columns * scale) / 2 / grid) * grid;
  const top = Math.floor((spec.height - rows * scale) / 2 / grid) * grid;
  return {
    ...coloursFor(spec.seed),
    width: spec.width,
    height: spec.height,
    text: { left, top, scale, columns, rows, cells },
  };
}

/** Returns the font row at a pixel row, or -1 above and below the text. Pixel rows with the same font row are equal. */
export function textRow(picture: Picture, y: number): number {
  const { top, scale, rows } = picture.text;
  const row = Math.floor((y - top) / scale);
  return row < 0 || row >= rows ? -1 : row;
}

/** Returns the run lengths of a pixel row, alternately background (first, may be 0) and ink. */
export function rowStretches(picture: Picture, y: number): readonly number[] {
  const { left, scale, columns, cells } = picture.text;
  const row = textRow(picture, y);
  if (row === -1) return [picture.width];
  const stretches = [left];
  let isInk = false;
  for (let column = 0; column < columns; column++) {
    if ((cells[row * columns + column] === 1) !== isInk) {
      stretches.push(0);
      isInk = !isInk;
    }
    lengthen(stretches, scale);
  }
  if (isInk) stretches.push(0);
  lengthen(stretches, picture.width - left - columns * scale);
  return stretches;
}

/**
 * Returns a square of the picture, row by row, 1 for ink; undefined when it is all background. The area outside the
 * picture counts as background.
 */
export function inkInSquare(picture: Picture, left: number, top: number, size: number): Uint8Array | undefined {
  const { text } = picture;
  if (left + size <= text.left || left >= text.left + text.columns * text.scale) return undefined;
  if (top + size <= text.top || top >= text.top + text.rows * text.scale) return undefined;
  const square = new Uint8Array(size * size);
  let hasInk = false;
  for (let y = 0; y < size; y++) {
    const row = textRow(picture, top + y);
    if (row === -1) continue;
    for (let x = 0; x < size; x++) {
      const column = Math.floor((left + x - text.left) / text.scale);
      if (column < 0 || column >= text.columns || text.cells[row * text.columns + column] !== 1) continue;
      square[y * size + x] = 1;
      hasInk = true;
    }
  }
  return hasInk ? square : undefined;
}

function lengthen(stretches: number[], by: number): void {
  stretches.push((stretches.pop() ?? 0) + by);
}

function layOut(spec: PictureSpec): TextLayout {
  const { title, maxTextPixels = Number.POSITIVE_INFINITY } = spec;
  const roomX = Math.floor(spec.width * 0.9);
  const roomY = Math.floor(spec.height * 0.8);

  const largest = (maxLines: number, minScale: number): TextLayout | undefined => {
    for (let scale = Math.floor(roomY / glyphHeight); scale >= minScale; scale--) {
      const perLine = Math.floor((roomX / scale + 1) / advance);
      if (perLine === 0) continue;
      const count = Math.ceil(title.length / perLine);
      const height = (count * lineHeight - 2) * scale;
      const width = (Math.ceil(title.length / count) * advance - 1) * scale;
      if (count > maxLines || height > roomY || width * height > maxTextPixels) continue;
      return { scale, lines: split(title, Math.ceil(title.length / count)) };
    }
    return undefined;
  };

  if (title.length === 0) return { scale: 1, lines: [] };
  // An identifier reads best unbroken, so more lines are used only if fewer would make it tiny.
  return largest(2, 3) ?? largest(4, 2) ?? largest(title.length, 1) ?? cut(title, roomX, roomY);
}

function cut(title: string, roomX: number, roomY: number): TextLayout {
  const perLine = Math.floor((roomX + 1) / advance);
  const count = Math.floor((roomY + 2) / lineHeight);
  if (perLine === 0 || count === 0) return { scale: 1, lines: [] };
  return { scale: 1, lines: split(title.slice(0, perLine * count), perLine) };
}

function split(text: string, perLine: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / perLine) }, (_, line) =>
    text.slice(line * perLine, (line + 1) * perLine),
  );
}
