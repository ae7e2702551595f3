/**
 * Encodes a card with moving parts in a minimal form of H.264 (ITU-T H.264, Constrained Baseline).
 *
 * The first picture is intra. A flat macroblock is predicted from a neighbour with a flat touching edge (Intra_16x16
 * without residual, about a byte). One of 16 flat squares has a residual of their means (some 20 bytes). Any other one
 * is sent as raw samples (I_PCM). Every later picture copies what changed from the picture before, and skips the rest:
 * some dozen bytes. Table and clause numbers in the comments are those of the standard.
 */
import { MsbBitWriter } from "./bit-writer.ts";
import type { Rgb } from "./colour.ts";
import type { Dimensions } from "./dimensions.ts";
import { writeCopies, type Copy } from "./h264-motion.ts";
import { nalUnit, writeSe, writeUe } from "./h264-nal.ts";
import { levelsOf, meansOf, quantiser, writeLevels } from "./h264-residual.ts";
import { SquareReader, type Picture } from "./picture.ts";
import type { Steps } from "../../engine/base/turns.ts";

/** Side of a macroblock in pixels. */
const macroblockSize = 16;
const flatSize = 4;
const chromaSize = macroblockSize / 2;
const frameNumberBits = 4;
/** The quantiser of pictures without a residual. */
const usualQuantiser = 26;

/** A video as H.264, in the parts that an MP4 file stores separately. NAL units have no start codes. */
export interface EncodedVideo {
  readonly sequenceParameters: Uint8Array;
  readonly pictureParameters: Uint8Array;
  /** The encoded first picture, which the video contains once. */
  readonly first: Uint8Array;
  /** Returns the picture number `index` (1, 2, …), which changes these macroblocks of the picture before. */
  readonly next: (index: number, copies: readonly Copy[]) => Uint8Array;
}

/** Encodes a picture, of which `shown` is displayed: even sides, from the upper left corner. */
export function* encodeVideo(picture: Picture, shown: Dimensions): Steps<EncodedVideo> {
  const columns = Math.ceil(picture.width / macroblockSize);
  const rows = Math.ceil(picture.height / macroblockSize);
  return {
    sequenceParameters: sequenceParameters(shown, columns, rows),
    pictureParameters: pictureParameters(),
    first: yield* intraPicture(picture, columns, rows),
    next: (index, copies) => predictedPicture(index, copies, { columns, rows }),
  };
}

/** Table A-1 as [level_idc, largest frame in macroblocks]; the lowest sufficient level for size and speed is used. */
const levels = [
  [30, 1620],
  [31, 3600],
  [40, 8192],
  [42, 8704],
  [50, 22_080],
] as const;

/** Builds the sequence parameter set (7.3.2.1.1). */
function sequenceParameters(shown: Dimensions, columns: number, rows: number): Uint8Array {
  const [level] = levels.find(([, frame]) => columns * rows <= frame && Math.max(columns, rows) ** 2 <= frame * 8) ?? [
    52,
  ];
  const bits = new MsbBitWriter();
  bits.write(66, 8);
  bits.write(0b1100_0000, 8);
  bits.write(level, 8);
  writeUe(bits, 0);
  writeUe(bits, frameNumberBits - 4);
  // The display order is the decoding order.
  writeUe(bits, 2);
  writeUe(bits, 1);
  bits.write(0, 1);
  writeUe(bits, columns - 1);
  writeUe(bits, rows - 1);
  bits.write(0b11, 2);
  // Crops at the right and at the bottom, in units of one chroma sample.
  bits.write(1, 1);
  writeUe(bits, 0);
  writeUe(bits, (columns * macroblockSize - shown.width) / 2);
  writeUe(bits, 0);
  writeUe(bits, (rows * macroblockSize - shown.height) / 2);
  writeDisplayHints(bits);
  return nalUnit("sequenceParameters", bits);
}

/** Writes the display hints (E.1.1): BT.709 colours, limited range, and no reordering, so a player need not buffer. */
function writeDisplayHints(bits: MsbBitWriter): void {
  bits.write(1, 1);
  bits.write(0b00, 2);
  bits.write(1, 1);
  bits.write(5, 3);
  bits.write(0, 1);
  bits.write(1, 1);
  for (let field = 0; field < 3; field++) bits.write(1, 8);
  // Writes no chroma location, timing, decoder models or picture structure; then the limits of reordering.
  bits.write(0b00000, 5);
  bits.write(0b11, 2);
  for (const limit of [0, 0, 0, 0, 0, 1]) writeUe(bits, limit);
}

/** Builds the picture parameter set (7.3.2.2). */
function pictureParameters(): Uint8Array {
  const bits = new MsbBitWriter();
  writeUe(bits, 0);
  writeUe(bits, 0);
  bits.write(0b00, 2);
  for (let field = 0; field < 3; field++) writeUe(bits, 0);
  bits.write(0b000, 3);
  for (let field = 0; field < 3; field++) writeUe(bits, 0);
  // Lets slices turn deblocking off: the filter would blur the text into its background.
  bits.write(0b100, 3);
  return nalUnit("pictureParameters", bits);
}

/** Encodes the first picture (7.3.3 and 7.3.5). */
function* intraPicture(picture: Picture, columns: number, rows: number): Steps<Uint8Array> {
  const bits = new MsbBitWriter();
  writeUe(bits, 0);
  writeUe(bits, 7);
  writeUe(bits, 0);
  bits.write(0, frameNumberBits);
  writeUe(bits, 0);
  bits.write(0b00, 2);
  endSliceHeader(bits, quantiser);

  const [, blue, red] = toYcc(picture.colours[0]);
  const lumas = picture.colours.map((colour) => toYcc(colour)[0]);
  const squares = new SquareReader(picture, macroblockSize);
  let above: readonly Macroblock[] = [];
  for (let row = 0; row < rows; row++) {
    squares.enterRow(row * macroblockSize);
    const current: Macroblock[] = [];
    for (let column = 0; column < columns; column++) {
      const left = current.at(-1);
      const top = above[column];
      const square = squares.read(column * macroblockSize);
      const means = typeof square === "number" ? flatMeans(lumas[square] ?? 0) : meansOfSquares(square, lumas);
      const flat = typeof square === "number" ? (lumas[square] ?? 0) : undefined;
      if (flat !== undefined && isFlat(left?.right, flat)) {
        writeCopied(bits, "fromLeft", coefficientsBeside(left, top));
        current.push(flatMacroblock(flat));
      } else if (flat !== undefined && isFlat(top?.bottom, flat)) {
        writeCopied(bits, "fromTop", coefficientsBeside(left, top));
        current.push(flatMacroblock(flat));
      } else if (means === undefined || (left ?? top) === undefined) {
        const luma = typeof square === "number" ? lumasOf(flat ?? 0) : square.map((tone) => lumas[tone] ?? 0);
        writeRaw(bits, luma, [blue, red]);
        current.push(rawMacroblock(luma));
      } else {
        current.push(writeMeans(bits, means, left, top));
      }
    }
    above = current;
    yield;
  }
  return nalUnit("intraPicture", bits);
}

/** The facts of a macroblock that its right and lower neighbours need. */
interface Macroblock {
  /** The number of coefficients that it counts as (9.2.1). */
  readonly coefficients: 0 | 16;
  /** The lumas of its touching edges, as a decoder has them. */
  readonly right: Uint8Array;
  readonly bottom: Uint8Array;
}

function isFlat(edge: Uint8Array | undefined, luma: number): boolean {
  return edge?.every((each) => each === luma) === true;
}

function flatMacroblock(luma: number): Macroblock {
  const edge = new Uint8Array(macroblockSize).fill(luma);
  return { coefficients: 0, right: edge, bottom: edge };
}

function flatMeans(luma: number): number[] {
  return Array.from({ length: 16 }, () => luma);
}

function lumasOf(luma: number): Uint8Array {
  return new Uint8Array(macroblockSize ** 2).fill(luma);
}

/** Returns the lumas of the 16 squares of a macroblock, or undefined if one of them is not flat. */
function meansOfSquares(tones: Uint8Array, lumas: readonly number[]): number[] | undefined {
  const means: number[] = [];
  for (let top = 0; top < macroblockSize; top += flatSize) {
    for (let left = 0; left < macroblockSize; left += flatSize) {
      const tone = tones[top * macroblockSize + left] ?? 0;
      for (let pixel = 1; pixel < flatSize ** 2; pixel++) {
        const at = (top + (pixel >> 2)) * macroblockSize + left + (pixel & 3);
        if (tones[at] !== tone) return undefined;
      }
      means.push(lumas[tone] ?? 0);
    }
  }
  return means;
}

function rawMacroblock(luma: Uint8Array): Macroblock {
  const last = macroblockSize - 1;
  return {
    coefficients: 16,
    right: luma.filter((_, index) => index % macroblockSize === last),
    bottom: luma.slice(last * macroblockSize),
  };
}

/** Returns the mean of the existing neighbours, which chooses the table for the next count (9.2.1). */
function coefficientsBeside(left: Macroblock | undefined, top: Macroblock | undefined): number {
  if (left && top) return (left.coefficients + top.coefficients) / 2;
  return (left ?? top)?.coefficients ?? 0;
}

/** Writes Intra_16x16 without a residual: tables 7-11 and 7-16. */
function writeCopied(bits: MsbBitWriter, prediction: "fromLeft" | "fromTop", coefficients: number): void {
  writeUe(bits, prediction === "fromTop" ? 1 : 2);
  writeUe(bits, prediction === "fromTop" ? 2 : 1);
  writeUe(bits, 0);
  writeLevels(bits, [], coefficients);
}

/** Writes Intra_16x16 with the means of 16 flat squares, predicted by the mean of the edges (8.3.3.3). */
function writeMeans(
  bits: MsbBitWriter,
  means: readonly number[],
  left: Macroblock | undefined,
  top: Macroblock | undefined,
): Macroblock {
  const edges = [left?.right, top?.bottom].flatMap((edge) => (edge === undefined ? [] : Array.from(edge)));
  const predicted = Math.floor(edges.reduce((sum, each) => sum + each, edges.length / 2) / edges.length);
  const levels = levelsOf(means.map((mean) => mean - predicted));
  writeUe(bits, 3);
  // Predicts chroma by its mean as well, which is the picture's only chroma.
  writeUe(bits, 0);
  writeUe(bits, 0);
  writeLevels(bits, levels, coefficientsBeside(left, top));
  const decoded = meansOf(levels).map((mean) => Math.max(0, Math.min(255, predicted + mean)));
  const edgeOf = (positions: readonly number[]): Uint8Array =>
    Uint8Array.from({ length: macroblockSize }, (_, index) => decoded[positions[index >> 2] ?? 0] ?? 0);
  return { coefficients: 0, right: edgeOf([3, 7, 11, 15]), bottom: edgeOf([12, 13, 14, 15]) };
}

/** Writes I_PCM: 256 samples of luma, then 64 of each chroma. */
function writeRaw(bits: MsbBitWriter, luma: Uint8Array, chroma: readonly number[]): void {
  writeUe(bits, 25);
  bits.align(0);
  bits.append(luma);
  for (const plane of chroma) bits.append(new Uint8Array(chromaSize ** 2).fill(plane));
}

/** Encodes a P slice that copies some macroblocks and skips all others. */
function predictedPicture(
  index: number,
  copies: readonly Copy[],
  size: { readonly columns: number; readonly rows: number },
): Uint8Array {
  const bits = new MsbBitWriter();
  writeUe(bits, 0);
  writeUe(bits, 5);
  writeUe(bits, 0);
  bits.write(index % (1 << frameNumberBits), frameNumberBits);
  bits.write(0b000, 3);
  endSliceHeader(bits, usualQuantiser);
  writeCopies(bits, copies, size);
  return nalUnit("predictedPicture", bits);
}

/** Ends a slice header: the quantiser, and no deblocking, which would blur the text into its background. */
function endSliceHeader(bits: MsbBitWriter, quantiserOfSlice: number): void {
  writeSe(bits, quantiserOfSlice - usualQuantiser);
  writeUe(bits, 1);
}

/** Converts to BT.709, limited range. */
function toYcc([r, g, b]: Rgb): Rgb {
  const luma = 2126 * r + 7152 * g + 722 * b;
  return [
    Math.round(16 + (luma * 219) / 2_550_000),
    Math.round(128 + ((b * 10_000 - luma) * 224) / (18_556 * 255)),
    Math.round(128 + ((r * 10_000 - luma) * 224) / (15_748 * 255)),
  ];
}
