/**
 * Encodes a still picture of any duration in a minimal form of H.264 (ITU-T H.264, Constrained Baseline).
 *
 * The first picture is intra. A macroblock with ink is sent as raw samples (I_PCM); a blank one is predicted from a
 * neighbour with a blank touching edge (Intra_16x16 without residual, about a byte). So the encoding is lossless, and
 * its size depends on the text. Every later picture is one run of skipped macroblocks: about a dozen bytes. Table and
 * clause numbers in the comments are those of the standard.
 */
import { MsbBitWriter } from "./bit-writer.ts";
import type { Rgb } from "./colour.ts";
import { nalUnit, writeUe } from "./h264-nal.ts";
import { inkInSquare, type Picture } from "./picture.ts";

/** Side of a macroblock in pixels. */
export const macroblockSize = 16;
const chromaSize = macroblockSize / 2;
const frameNumberBits = 4;

/** A still picture as H.264, in the parts that an MP4 file stores separately. NAL units have no start codes. */
export interface StillVideo {
  readonly sequenceParameters: Uint8Array;
  readonly pictureParameters: Uint8Array;
  /** The encoded first picture, which the video contains once. */
  readonly first: Uint8Array;
  /** Returns the picture number `index` (1, 2, …), which repeats the first. */
  readonly repeat: (index: number) => Uint8Array;
}

/** Encodes a picture with even sides. */
export function encodeStillVideo(picture: Picture): StillVideo {
  const columns = Math.ceil(picture.width / macroblockSize);
  const rows = Math.ceil(picture.height / macroblockSize);
  return {
    sequenceParameters: sequenceParameters(picture, columns, rows),
    pictureParameters: pictureParameters(),
    first: intraPicture(picture, columns, rows),
    repeat: (index) => skippedPicture(index, columns * rows),
  };
}

/** Table A-1 as [level_idc, largest frame in macroblocks]; the lowest sufficient level for size and speed is used. */
const levels = [
  [30, 1620],
  [31, 3600],
  [40, 8192],
  [50, 22_080],
] as const;

/** Builds the sequence parameter set (7.3.2.1.1). */
function sequenceParameters(picture: Picture, columns: number, rows: number): Uint8Array {
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
  writeUe(bits, (columns * macroblockSize - picture.width) / 2);
  writeUe(bits, 0);
  writeUe(bits, (rows * macroblockSize - picture.height) / 2);
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
function intraPicture(picture: Picture, columns: number, rows: number): Uint8Array {
  const bits = new MsbBitWriter();
  writeUe(bits, 0);
  writeUe(bits, 7);
  writeUe(bits, 0);
  bits.write(0, frameNumberBits);
  writeUe(bits, 0);
  bits.write(0b00, 2);
  endSliceHeader(bits);

  const background = toYcc(picture.background);
  const ink = toYcc(picture.ink);
  let above: readonly (Macroblock | undefined)[] = [];
  for (let row = 0; row < rows; row++) {
    const current: Macroblock[] = [];
    for (let column = 0; column < columns; column++) {
      const left = current.at(-1);
      const top = above[column];
      const square = inkInSquare(picture, column * macroblockSize, row * macroblockSize, macroblockSize);
      if (!square && left?.isBlankAtRight) {
        writeBlank(bits, "fromLeft", meanCoefficients(left, top));
        current.push(blankMacroblock);
      } else if (!square && top?.isBlankAtBottom) {
        writeBlank(bits, "fromTop", meanCoefficients(left, top));
        current.push(blankMacroblock);
      } else {
        writeRaw(bits, square, background, ink);
        current.push(rawMacroblock(square));
      }
    }
    above = current;
  }
  return nalUnit("intraPicture", bits);
}

/** The facts of a macroblock that its right and lower neighbours need. */
interface Macroblock {
  /** The number of coefficients that it counts as (9.2.1). */
  readonly coefficients: 0 | 16;
  readonly isBlankAtRight: boolean;
  readonly isBlankAtBottom: boolean;
}

const blankMacroblock: Macroblock = { coefficients: 0, isBlankAtRight: true, isBlankAtBottom: true };

function rawMacroblock(square: Uint8Array | undefined): Macroblock {
  const last = macroblockSize - 1;
  // A chroma sample covers two pixels in each direction, so the last two decide whether the edge is blank.
  return {
    coefficients: 16,
    isBlankAtRight: !square?.some((cell, index) => cell === 1 && index % macroblockSize >= last - 1),
    isBlankAtBottom: !square?.some((cell, index) => cell === 1 && index >= (last - 1) * macroblockSize),
  };
}

/** Returns the mean of the existing neighbours, which chooses the table for the next count (9.2.1). */
function meanCoefficients(left: Macroblock | undefined, top: Macroblock | undefined): number {
  if (left && top) return (left.coefficients + top.coefficients) / 2;
  return (left ?? top)?.coefficients ?? 0;
}

/** Writes Intra_16x16 without coefficients: tables 7-11 and 7-16, then "no coefficients" of table 9-5. */
function writeBlank(bits: MsbBitWriter, prediction: "fromLeft" | "fromTop", neighbourCoefficients: number): void {
  writeUe(bits, prediction === "fromTop" ? 1 : 2);
  writeUe(bits, prediction === "fromTop" ? 2 : 1);
  writeUe(bits, 0);
  if (neighbourCoefficients >= 8) bits.write(0b000011, 6);
  else bits.write(1, 1);
}

/** Writes I_PCM: 256 samples of luma, then 64 of each chroma. */
function writeRaw(bits: MsbBitWriter, square: Uint8Array | undefined, background: Rgb, ink: Rgb): void {
  const luma = new Uint8Array(macroblockSize ** 2).fill(background[0]);
  /** Counts the ink pixels among the four that share a chroma sample. */
  const shares = new Uint8Array(chromaSize ** 2);
  for (const [index, cell] of square?.entries() ?? []) {
    if (cell === 0) continue;
    luma[index] = ink[0];
    const sample = (index >> 5) * chromaSize + ((index % macroblockSize) >> 1);
    shares[sample] = (shares[sample] ?? 0) + 1;
  }
  writeUe(bits, 25);
  bits.align(0);
  bits.append(luma);
  for (const plane of [1, 2] as const) {
    bits.append(shares.map((share) => background[plane] + Math.round(((ink[plane] - background[plane]) * share) / 4)));
  }
}

/** Encodes a P slice that skips every macroblock. */
function skippedPicture(index: number, macroblocks: number): Uint8Array {
  const bits = new MsbBitWriter();
  writeUe(bits, 0);
  writeUe(bits, 5);
  writeUe(bits, 0);
  bits.write(index % (1 << frameNumberBits), frameNumberBits);
  bits.write(0b000, 3);
  endSliceHeader(bits);
  writeUe(bits, macroblocks);
  return nalUnit("predictedPicture", bits);
}

/** Ends a slice header: the parameters' quantiser, and no deblocking. */
function endSliceHeader(bits: MsbBitWriter): void {
  writeUe(bits, 0);
  writeUe(bits, 1);
}

/** Converts to BT.709, limited range. Grey ink always has neutral chroma. */
function toYcc([r, g, b]: Rgb): Rgb {
  const luma = 2126 * r + 7152 * g + 722 * b;
  return [
    Math.round(16 + (luma * 219) / 2_550_000),
    Math.round(128 + ((b * 10_000 - luma) * 224) / (18_556 * 255)),
    Math.round(128 + ((r * 10_000 - luma) * 224) / (15_748 * 255)),
  ];
}
