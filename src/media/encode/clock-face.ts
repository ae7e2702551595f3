/** Plans the moving parts of a video: a running time code and a bar that fills. */
import type { Footer } from "./card.ts";
import { TONES } from "./colour.ts";
import type { Dimensions } from "./dimensions.ts";
import { glyphHeight } from "./font.ts";
import type { Copy } from "./h264-motion.ts";
import { advance, type Rectangle, type TextLine } from "./picture.ts";

/** Side of a macroblock in pixels; everything that moves is a whole number of them. */
const block = 16;
/** Macroblocks of the widest digit: with its store, 1920 x 1080 stays within level 4.2, which decoders usually know. */
const widest = 4;
const characters = "0123456789";

/**
 * The digits and the bar are kept below the lower edge of what is displayed, and each frame copies the ones that it
 * shows. So a second of motion takes a few hundred bytes.
 */
export interface ClockFace {
  /** The part of the picture that the face takes; undefined for none. */
  readonly footer: Footer | undefined;
  /** The height of the coded picture. */
  readonly codedHeight: number;
  /** What the first picture shows, and the store of digits below it. */
  readonly rectangles: readonly Rectangle[];
  readonly lines: readonly TextLine[];
  /** Returns the macroblocks that differ between two moments. */
  readonly change: (from: PlayTime, to: PlayTime) => readonly Copy[];
}

/** A moment of a video. */
interface PlayTime {
  readonly seconds: number;
  /** How much of the video has passed, from 0 to 1. */
  readonly share: number;
}

interface Place {
  readonly column: number;
  readonly row: number;
}

/** Plans the face of a video; a video that is too small for one has none. */
export function planClockFace(size: Dimensions, margin: number): ClockFace {
  const columns = Math.ceil(size.width / block);
  const rows = Math.ceil(size.height / block);
  const first = Math.ceil(margin / block);
  const wide = Math.min(widest, Math.max(1, Math.round(Math.min(size.width, size.height) / 240)));
  const tall = Math.ceil((glyphHeight * scaleOf(wide)) / block);
  const barRow = Math.floor((size.height - margin) / block) - 1;
  const digitRow = barRow - tall;
  const barColumns = columns - 2 * first;
  const hasFace = digitRow >= 3 && first + timeCode(0).length * wide <= columns - first;
  if (!hasFace) return { footer: undefined, codedHeight: rows * block, rectangles: [], lines: [], change: () => [] };

  const perRow = Math.floor(columns / wide);
  const store = (index: number): Place => ({
    column: (index % perRow) * wide,
    row: rows + Math.floor(index / perRow) * tall,
  });
  // The last place of the store is for the bar: a full macroblock, and an empty one to its right.
  const lastDigit = store(characters.length - 1);
  const hasRoom = lastDigit.column + wide + 2 <= columns;
  const barStore: Place = hasRoom
    ? { column: lastDigit.column + wide, row: lastDigit.row }
    : { column: 0, row: lastDigit.row + tall };
  const digitPlace = (position: number): Place => ({ column: first + position * wide, row: digitRow });
  const start = timeCode(0);
  return {
    footer: {
      top: digitRow * block,
      textBottom: digitRow * block + glyphHeight * scaleOf(wide),
      right: (first + timeCode(0).length * wide) * block,
    },
    codedHeight: Math.max(lastDigit.row + tall, barStore.row + 1) * block,
    rectangles: [
      barAt({ column: first, row: barRow }, barColumns, TONES.shade),
      barAt(barStore, 1, TONES.ink),
      barAt({ ...barStore, column: barStore.column + 1 }, 1, TONES.shade),
    ],
    lines: [
      ...Array.from(start, (character, position) => glyphAt(character, digitPlace(position), wide)),
      ...Array.from(characters, (character, index) => glyphAt(character, store(index), wide)),
    ],
    change: (from, to) => [
      ...changedDigits(from.seconds, to.seconds).flatMap(([position, digit]) =>
        copies(digitPlace(position), store(digit), { wide, tall }),
      ),
      ...changedBar(from.share, to.share, barColumns).map(([column, filled]) => ({
        column: first + column,
        row: barRow,
        dx: (barStore.column - first - column) * block + block - filled,
        dy: (barStore.row - barRow) * block,
      })),
    ],
  };
}

/** Returns the scale of a digit that is this many macroblocks wide. */
function scaleOf(wide: number): number {
  const scale = Math.floor((wide * block) / advance);
  // A multiple of 4 is encoded well, and leaves room between digits.
  return scale >= 4 ? scale - (scale % 4) : 2;
}

function glyphAt(text: string, { column, row }: Place, wide: number): TextLine {
  return { left: column * block, top: row * block, scale: scaleOf(wide), tone: TONES.ink, text };
}

function barAt({ column, row }: Place, columns: number, tone: Rectangle["tone"]): Rectangle {
  return { left: column * block, top: row * block + 4, width: columns * block, height: 8, tone };
}

function timeCode(seconds: number): string {
  const tenths = Math.floor(seconds * 10 + 1e-6);
  const minutes = Math.floor(tenths / 600);
  const pad = (value: number): string => String(value).padStart(2, "0");
  return `${pad(minutes)}:${pad(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
}

function changedDigits(from: number, to: number): (readonly [position: number, digit: number])[] {
  const before = timeCode(from);
  return Array.from(timeCode(to)).flatMap((character, position) =>
    character === before[position] ? [] : [[position, Number(character)] as const],
  );
}

function copies(place: Place, source: Place, { wide, tall }: { wide: number; tall: number }): Copy[] {
  return Array.from({ length: wide * tall }, (_, index) => ({
    column: place.column + (index % wide),
    row: place.row + Math.floor(index / wide),
    dx: (source.column - place.column) * block,
    dy: (source.row - place.row) * block,
  }));
}

/** Returns the macroblocks of the bar that change, and how many pixels of them are filled: an even number. */
function changedBar(from: number, to: number, columns: number): (readonly [column: number, filled: number])[] {
  const filledAt = (share: number): number => Math.round((share * columns * block) / 2) * 2;
  const [before, after] = [filledAt(from), filledAt(to)];
  if (before === after) return [];
  const firstColumn = Math.floor(before / block);
  const lastColumn = Math.min(columns - 1, Math.floor((after - 1) / block));
  return Array.from({ length: lastColumn - firstColumn + 1 }, (_, index) => {
    const column = firstColumn + index;
    return [column, Math.min(block, after - column * block)] as const;
  });
}
