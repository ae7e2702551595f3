/**
 * Writes the residual of a macroblock of 16 flat squares, in CAVLC (ITU-T H.264, 8.5 and 9.2).
 *
 * A flat square of 4 x 4 pixels has only a mean. The means of a macroblock are transformed together (8.5.10) and sent as
 * the one block Intra16x16DCLevel; all other coefficients are zero.
 */
import type { MsbBitWriter } from "./bit-writer.ts";

/** The quantiser. A mean is off by less than one step of luma as a rule, and by three at most. */
export const quantiser = 20;
/** LevelScale(20 % 6, 0, 0) << (20 / 6), the weight of one level in 256ths of a luma step (8.5.10 and 8.5.12). */
const levelWeight = 13 << 3;

/** The positions of a block in the order in which they are sent (figure 8-8). */
const zigzag = [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15] as const;

/** Returns the levels that describe 16 means, relative to the prediction; in reading order. */
export function levelsOf(means: readonly number[]): number[] {
  return hadamard(means).map((sum) => Math.round((sum * 16) / levelWeight));
}

/** Returns the means that a decoder makes of levels, relative to the prediction. */
export function meansOf(levels: readonly number[]): number[] {
  return hadamard(levels).map((sum) => (((sum * levelWeight * 16 + 32) >> 6) + 32) >> 6);
}

/** Multiplies a 4 x 4 matrix by the Hadamard matrix from both sides. */
function hadamard(values: readonly number[]): number[] {
  return transposedRows(transposedRows(values));
}

function transposedRows(values: readonly number[]): number[] {
  const out: number[] = [];
  for (let row = 0; row < 4; row++) {
    const [a = 0, b = 0, c = 0, d = 0] = values.slice(row * 4, row * 4 + 4);
    const sums = [a + b + c + d, a + b - c - d, a - b - c + d, a - b + c - d];
    for (const [column, sum] of sums.entries()) out[column * 4 + row] = sum;
  }
  return out;
}

/** Writes a block of 16 levels (7.3.5.3.2). `neighbours` is the mean count of coefficients beside it (9.2.1). */
export function writeLevels(bits: MsbBitWriter, levels: readonly number[], neighbours: number): void {
  const scanned = zigzag.map((position) => levels[position] ?? 0);
  const places = scanned.flatMap((level, place) => (level === 0 ? [] : [place])).reverse();
  const values = places.map((place) => scanned[place] ?? 0);
  const firstLarge = values.findIndex((value) => Math.abs(value) !== 1);
  const trailingOnes = Math.min(3, firstLarge === -1 ? values.length : firstLarge);
  writeCount(bits, { total: values.length, trailingOnes, neighbours });
  for (const value of values.slice(0, trailingOnes)) bits.write(value < 0 ? 1 : 0, 1);
  writeValues(bits, values.slice(trailingOnes), values.length > 10 && trailingOnes < 3, trailingOnes < 3);
  writeRuns(bits, places);
}

/** Writes coeff_token (table 9-5). */
function writeCount(
  bits: MsbBitWriter,
  { total, trailingOnes, neighbours }: { total: number; trailingOnes: number; neighbours: number },
): void {
  if (neighbours >= 8) {
    bits.write(total === 0 ? 0b000011 : ((total - 1) << 2) | trailingOnes, 6);
    return;
  }
  const [length = 0, code = 0] = countCodes[total * 4 + trailingOnes] ?? [];
  bits.write(code, length);
}

/** Writes the values from the highest frequency down (9.2.2.1). */
function writeValues(bits: MsbBitWriter, values: readonly number[], startsLong: boolean, isFirstLarge: boolean): void {
  let suffixLength = startsLong ? 1 : 0;
  for (const [index, value] of values.entries()) {
    // Without three trailing ones, the first value cannot be 1, so its codes begin at 2.
    const offset = index === 0 && isFirstLarge ? 2 : 0;
    writeValue(bits, (value > 0 ? 2 * value - 2 : -2 * value - 1) - offset, suffixLength);
    if (suffixLength === 0) suffixLength = 1;
    if (Math.abs(value) > 3 << (suffixLength - 1) && suffixLength < 6) suffixLength++;
  }
}

function writeValue(bits: MsbBitWriter, code: number, suffixLength: number): void {
  const escape = suffixLength === 0 ? 30 : 15 << suffixLength;
  if (code >= escape) {
    bits.write(1, 16);
    bits.write(code - escape, 12);
  } else if (suffixLength === 0 && code >= 14) {
    bits.write(1, 15);
    bits.write(code - 14, 4);
  } else {
    bits.write(1, (code >> suffixLength) + 1);
    if (suffixLength > 0) bits.write(code & ((1 << suffixLength) - 1), suffixLength);
  }
}

/** Writes the zeros before the values (9.2.3); `places` descends. */
function writeRuns(bits: MsbBitWriter, places: readonly number[]): void {
  const [last] = places;
  if (last === undefined) return;
  let zeros = last + 1 - places.length;
  if (places.length < 16) {
    const [length = 0, code = 0] = zeroCodes[places.length - 1]?.[zeros] ?? [];
    bits.write(code, length);
  }
  for (const [index, place] of places.slice(0, -1).entries()) {
    if (zeros === 0) return;
    const run = place - (places[index + 1] ?? 0) - 1;
    const [length = 0, code = 0] = runCodes[Math.min(zeros, 7) - 1]?.[run] ?? [];
    bits.write(code, length);
    zeros -= run;
  }
}

/** A code as its length in bits and its value. */
type Code = readonly [length: number, code: number];

function codesOf(lengths: readonly number[], values: readonly number[]): Code[] {
  return lengths.map((length, index): Code => [length, values[index] ?? 0]);
}

/** Table 9-5 for 0 to 1 coefficients beside the block: four entries per total, by the number of trailing ones. */
const countCodes: readonly Code[] = codesOf(
  [
    1, 0, 0, 0, 6, 2, 0, 0, 8, 6, 3, 0, 9, 8, 7, 5, 10, 9, 8, 6, 11, 10, 9, 7, 13, 11, 10, 8, 13, 13, 11, 9, 13, 13, 13,
    10, 14, 14, 13, 11, 14, 14, 14, 13, 15, 15, 14, 14, 15, 15, 15, 14, 16, 15, 15, 15, 16, 16, 16, 15, 16, 16, 16, 16,
    16, 16, 16, 16,
  ],
  [
    1, 0, 0, 0, 5, 1, 0, 0, 7, 4, 1, 0, 7, 6, 5, 3, 7, 6, 5, 3, 7, 6, 5, 4, 15, 6, 5, 4, 11, 14, 5, 4, 8, 10, 13, 4, 15,
    14, 9, 4, 11, 10, 13, 12, 15, 14, 9, 12, 11, 10, 13, 8, 15, 1, 9, 12, 11, 14, 13, 8, 7, 10, 9, 12, 4, 6, 5, 8,
  ],
);

/** Tables 9-7 and 9-8: a row for each number of coefficients from 1, a column for each number of zeros. */
const zeroCodes: readonly (readonly Code[])[] = [
  codesOf([1, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 9], [1, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 1]),
  codesOf([3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 6, 6, 6, 6], [7, 6, 5, 4, 3, 5, 4, 3, 2, 3, 2, 3, 2, 1, 0]),
  codesOf([4, 3, 3, 3, 4, 4, 3, 3, 4, 5, 5, 6, 5, 6], [5, 7, 6, 5, 4, 3, 4, 3, 2, 3, 2, 1, 1, 0]),
  codesOf([5, 3, 4, 4, 3, 3, 3, 4, 3, 4, 5, 5, 5], [3, 7, 5, 4, 6, 5, 4, 3, 3, 2, 2, 1, 0]),
  codesOf([4, 4, 4, 3, 3, 3, 3, 3, 4, 5, 4, 5], [5, 4, 3, 7, 6, 5, 4, 3, 2, 1, 1, 0]),
  codesOf([6, 5, 3, 3, 3, 3, 3, 3, 4, 3, 6], [1, 1, 7, 6, 5, 4, 3, 2, 1, 1, 0]),
  codesOf([6, 5, 3, 3, 3, 2, 3, 4, 3, 6], [1, 1, 5, 4, 3, 3, 2, 1, 1, 0]),
  codesOf([6, 4, 5, 3, 2, 2, 3, 3, 6], [1, 1, 1, 3, 3, 2, 2, 1, 0]),
  codesOf([6, 6, 4, 2, 2, 3, 2, 5], [1, 0, 1, 3, 2, 1, 1, 1]),
  codesOf([5, 5, 3, 2, 2, 2, 4], [1, 0, 1, 3, 2, 1, 1]),
  codesOf([4, 4, 3, 3, 1, 3], [0, 1, 1, 2, 1, 3]),
  codesOf([4, 4, 2, 1, 3], [0, 1, 1, 1, 1]),
  codesOf([3, 3, 1, 2], [0, 1, 1, 1]),
  codesOf([2, 2, 1], [0, 1, 1]),
  codesOf([1, 1], [0, 1]),
];

/** Table 9-10: a row for each number of zeros left from 1 to "more than 6", a column for each run. */
const runCodes: readonly (readonly Code[])[] = [
  codesOf([1, 1], [1, 0]),
  codesOf([1, 2, 2], [1, 1, 0]),
  codesOf([2, 2, 2, 2], [3, 2, 1, 0]),
  codesOf([2, 2, 2, 3, 3], [3, 2, 1, 1, 0]),
  codesOf([2, 2, 3, 3, 3, 3], [3, 2, 3, 2, 1, 0]),
  codesOf([2, 3, 3, 3, 3, 3, 3], [3, 0, 1, 3, 2, 5, 4]),
  codesOf([3, 3, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11], [7, 6, 5, 4, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
];
