/** Lays out the card that an output shows: who made it, from which words, and how large and long it is. */
import { TONES, type Tone } from "./colour.ts";
import type { Dimensions } from "./dimensions.ts";
import { glyphHeight } from "./font.ts";
import { advance, textColumns, type Rectangle, type TextLine } from "./picture.ts";

export interface CardTexts {
  /** The name of the vendor, or of what the picture stands for. */
  readonly title: string;
  readonly model?: string | undefined;
  /** The first words of the prompt or the script. */
  readonly words?: string | undefined;
  readonly note: string;
}

/** The part of a video that moves, which the card leaves free. */
export interface Footer {
  /** The first pixel row of the footer, and the lower edge of its text. */
  readonly top: number;
  readonly textBottom: number;
  /** Where its text ends. */
  readonly right: number;
}

export interface CardSpec extends CardTexts, Dimensions {
  readonly footer?: Footer | undefined;
}

/** The shorter side of a picture in pixels of its smallest font; chosen by eye. */
const fontsPerSide = 130;
const marginShare = 0.07;
const mostScale = { title: 2, words: 4 } as const;
/** Font pixels between lines. */
const lineGap = 3;
/** A larger picture has letters whose pixels are multiples of 4, because such letters are encoded well. */
const smallestOnGrid = 480;
const fontGrid = 4;
const marginGrid = 16;

export interface Card {
  readonly rectangles: readonly Rectangle[];
  readonly lines: readonly TextLine[];
}

/** Returns the space around the content of a picture. */
export function marginOf(size: Dimensions): number {
  return onGrid(Math.min(size.width, size.height) * marginShare, isOnGrid(size) ? marginGrid : 1);
}

function isOnGrid({ width, height }: Dimensions): boolean {
  return Math.max(width, height) >= smallestOnGrid;
}

/** Lays out the title and the model at the top, the words in the middle, and the note at the bottom. */
export function layOutCard(spec: CardSpec): Card {
  const { width, height, footer } = spec;
  const grid = isOnGrid(spec) ? fontGrid : 1;
  const margin = marginOf(spec);
  const small = scaleOnGrid(Math.min(width, height, Math.max(width, height) * 0.7) / fontsPerSide, grid);
  const room = { left: margin, width: width - 2 * margin, grid };
  if (room.width < advance || height < glyphHeight) return { rectangles: [], lines: [] };

  const title = fitOnOneLine(spec.title, room, { most: small * mostScale.title, tone: TONES.ink });
  const model = fitOnOneLine(spec.model ?? "", room, { most: small, tone: TONES.soft });
  const header = stack([...title, ...model], margin, 4 * small);
  const headerBottom = onGrid(header.bottom + 4 * small, grid);
  const [note] = placeNote(spec, room, { small, margin });
  const hasNote = note !== undefined && note.top > headerBottom;

  const from = headerBottom + small * 3;
  const to = Math.min(footer?.top ?? height - margin, hasNote ? note.top : height) - small * 5;
  const words = fitInBox(spec.words ?? "", { ...room, height: to - from }, small);
  const wordsTop = onGrid(from + Math.max(0, to - from - stackWords(words, 0).bottom) / 2, grid);
  return {
    // The shade behind the header makes the card look like one thing at any size.
    rectangles: header.lines.length === 0 ? [] : [{ left: 0, top: 0, width, height: headerBottom, tone: TONES.shade }],
    lines: [...header.lines, ...stackWords(words, wordsTop).lines, ...(hasNote ? [note] : [])].filter(
      ({ top, scale }) => top + glyphHeight * scale <= (footer?.top ?? height) || (hasNote && top === note.top),
    ),
  };
}

/** Places the note at the lower left, or in a video beside the running text if there is room, or else above it. */
function placeNote(
  { note, height, width, footer }: CardSpec,
  room: Room,
  { small, margin }: { readonly small: number; readonly margin: number },
): TextLine[] {
  const lines = fitOnOneLine(note, room, { most: small, tone: TONES.soft });
  return lines.map((line) => {
    const tall = glyphHeight * line.scale;
    if (footer === undefined) return { ...line, top: onGrid(height - margin - tall, room.grid) };
    const left = width - margin - textColumns(line.text) * line.scale;
    return left > footer.right + 4 * small
      ? { ...line, left: Math.floor(left / room.grid) * room.grid, top: footer.textBottom - tall }
      : { ...line, top: onGrid(footer.top - tall - 4 * small, room.grid) };
  });
}

interface Room {
  readonly left: number;
  readonly width: number;
  readonly grid: number;
}

/** A line without a place. */
type Text = Pick<TextLine, "text" | "scale" | "tone" | "left">;

/** Returns the text as one line, smaller if it is long, and cut if it is longer still. */
function fitOnOneLine(
  text: string,
  room: Room,
  { most, tone }: { readonly most: number; readonly tone: Tone },
): Text[] {
  if (text === "") return [];
  const scale =
    scales(most, room.grid).find((each) => textColumns(text) * each <= room.width) ?? leastScale(most, room.grid);
  const shown = cut(text, Math.floor((room.width / scale + 1) / advance));
  return shown === "" ? [] : [{ text: shown, scale, tone, left: room.left }];
}

/** Returns the words as lines, as large as the box allows, and cut where even the smallest text does not fit. */
function fitInBox(words: string, box: Room & { readonly height: number }, small: number): Text[] {
  if (words === "" || box.height < glyphHeight) return [];
  const wrapAt = (scale: number): Text[] =>
    wrap(words, Math.floor((box.width / scale + 1) / advance)).map((text) => ({
      text,
      scale,
      tone: TONES.ink,
      left: box.left,
    }));
  const fits = (lines: readonly Text[]): boolean => stackWords(lines, 0).bottom <= box.height;
  const isBroken = (scale: number): boolean => words.split(" ").some((word) => textColumns(word) * scale > box.width);
  const all = scales(small * mostScale.words, box.grid).filter((scale) => scale >= small);
  const whole =
    all.find((scale) => !isBroken(scale) && fits(wrapAt(scale))) ?? all.find((scale) => fits(wrapAt(scale)));
  if (whole !== undefined) return wrapAt(whole);
  const scale = leastScale(small, box.grid);
  const lines = wrapAt(scale);
  const count = Math.floor((box.height / scale + lineGap) / (glyphHeight + lineGap));
  return lines
    .slice(0, count)
    .map((line, index) => (index === count - 1 && count < lines.length ? ellipsed(line, box) : line));
}

function ellipsed(line: Text, box: Room): Text {
  return {
    ...line,
    text: cut(`${line.text}....`, Math.min(line.text.length + 3, Math.floor((box.width / line.scale + 1) / advance))),
  };
}

/** Breaks words into lines; a word that is longer than a line is broken too. */
function wrap(words: string, perLine: number): string[] {
  if (perLine < 1) return [];
  const lines: string[] = [];
  let current = "";
  for (const word of words.split(" ")) {
    const joined = current === "" ? word : `${current} ${word}`;
    if (joined.length <= perLine) {
      current = joined;
      continue;
    }
    if (current !== "") lines.push(current);
    current = word;
    for (; current.length > perLine; current = current.slice(perLine)) lines.push(current.slice(0, perLine));
  }
  return current === "" ? lines : [...lines, current];
}

/** Shortens a text to a number of characters, with three dots at its end if they fit. */
function cut(text: string, count: number): string {
  if (text.length <= count) return text;
  return count <= 4 ? text.slice(0, Math.max(0, count)) : `${text.slice(0, count - 3).trimEnd()}...`;
}

interface Stack {
  readonly lines: readonly TextLine[];
  readonly bottom: number;
}

/** Places lines below each other. */
function stack(texts: readonly Text[], top: number, gap: number): Stack {
  let bottom = top;
  const lines = texts.map((text, index): TextLine => {
    if (index > 0) bottom += gap;
    const line = { ...text, top: bottom };
    bottom += glyphHeight * text.scale;
    return line;
  });
  return { lines, bottom };
}

/** Places lines of the same scale below each other. */
function stackWords(texts: readonly Text[], top: number): Stack {
  return stack(texts, top, lineGap * (texts[0]?.scale ?? 0));
}

/** Returns the possible scales from `most` down. */
function scales(most: number, grid: number): number[] {
  return [...new Set(Array.from({ length: most }, (_, index) => scaleOnGrid(most - index, grid)))];
}

function leastScale(most: number, grid: number): number {
  return most >= grid ? grid : 1;
}

/** Rounds a scale down to a multiple of the grid, or to a whole number below the grid. */
function scaleOnGrid(scale: number, grid: number): number {
  return scale >= grid * 0.75 && grid > 1
    ? Math.max(1, Math.floor(Math.max(scale, grid) / grid)) * grid
    : Math.max(1, Math.floor(scale));
}

function onGrid(pixels: number, grid: number): number {
  return Math.round(pixels / grid) * grid;
}
