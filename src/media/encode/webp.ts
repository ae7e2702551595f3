/** Encodes pictures as lossless WebP files (RFC 9649, section 3). */
import { LsbBitWriter } from "./bit-writer.ts";
import { runsOf, type Picture } from "./picture.ts";
import type { Steps } from "../../engine/base/turns.ts";

/**
 * A picture is a few long runs of four colours, so each run is one literal pixel and copies of the pixel to the left,
 * and a row that equals the row above is a copy of it; no transform, no colour cache.
 */

const maxCopy = 4096;
/** Symbols of the distances: the pixel above, and the pixel to the left. */
const aboveDistance = 0;
const leftDistance = 1;
const lengthSymbols = 24;
const greenAlphabet = 256 + lengthSymbols;

interface PrefixCode {
  readonly code: number;
  readonly bits: number;
}

/** Encodes a picture as lossless WebP. */
export function* encodeWebp({ width, height, colours, bands }: Picture): Steps<Uint8Array> {
  const bits = new LsbBitWriter();
  bits.write(0x2f, 8);
  bits.write(width - 1, 14);
  bits.write(height - 1, 14);
  // No alpha, version 0, no transform, no colour cache, one group of prefix codes.
  bits.write(0, 1 + 3 + 1 + 1 + 1);
  const [reds, greens, blues] = ([0, 1, 2] as const).map((channel) => fourValues(colours.map((each) => each[channel])));
  const green = writeGreenCode(bits, greens ?? []);
  const red = writeEqualCode(bits, reds ?? []);
  const blue = writeEqualCode(bits, blues ?? []);
  writeSimpleCode(bits, [255]);
  writeSimpleCode(bits, [aboveDistance, leftDistance]);

  for (const band of bands) {
    for (const { tone, length } of runsOf(band)) {
      const [r, g, b] = colours[tone] ?? colours[0];
      writeSymbol(bits, green, g);
      writeSymbol(bits, red, r);
      writeSymbol(bits, blue, b);
      for (let left = length - 1; left > 0; left -= maxCopy) writeCopy(bits, green, Math.min(left, maxCopy), 1);
    }
    const repeated = width * (band.bottom - band.top - 1);
    for (let left = repeated; left > 0; left -= maxCopy) writeCopy(bits, green, Math.min(left, maxCopy), 0);
    yield;
  }
  return wrap(bits.take());
}

/** Returns the distinct values, filled up to four with values that the picture does not use. */
function fourValues(values: readonly number[]): readonly number[] {
  const distinct = new Set(values);
  for (let other = 0; distinct.size < 4; other++) distinct.add(other);
  return [...distinct].sort((a, b) => a - b);
}

/** Writes a code of four symbols with two bits each. */
function writeEqualCode(bits: LsbBitWriter, symbols: readonly number[]): ReadonlyMap<number, PrefixCode> {
  // Writes a normal code, whose lengths 0 and 2 are sent with one bit each, at the positions 2 and 4 of the order.
  bits.write(0, 1);
  bits.write(5 - 4, 4);
  for (const length of [0, 0, 1, 0, 1]) bits.write(length, 3);
  bits.write(0, 1);
  for (let symbol = 0; symbol < 256; symbol++) bits.write(symbols.includes(symbol) ? 1 : 0, 1);
  return new Map(symbols.map((symbol, code) => [symbol, { code, bits: 2 }]));
}

/**
 * Writes the code of green literals and copy lengths. Its 28 symbols get 4 or 5 bits, in the numbers that make
 * the code complete, as decoders require.
 */
function writeGreenCode(bits: LsbBitWriter, greens: readonly number[]): ReadonlyMap<number, PrefixCode> {
  const symbols = [...greens, ...Array.from({ length: lengthSymbols }, (_, index) => 256 + index)];
  const shortCount = 32 - symbols.length;
  // The longest copies are the most common, so the last symbols get the short codes.
  const shortFrom = symbols.length - shortCount;
  const codes = new Map<number, PrefixCode>();
  for (const [index, symbol] of symbols.entries()) {
    if (index >= shortFrom) codes.set(symbol, { code: index - shortFrom, bits: 4 });
    else codes.set(symbol, { code: shortCount * 2 + index, bits: 5 });
  }
  // Writes a normal code, whose lengths 0, 4 and 5 are sent with 1, 2 and 2 bits, at the positions 2, 6 and 7 of the
  // order.
  bits.write(0, 1);
  bits.write(8 - 4, 4);
  for (const length of [0, 0, 1, 0, 0, 0, 2, 2]) bits.write(length, 3);
  bits.write(0, 1);
  for (let symbol = 0; symbol < greenAlphabet; symbol++) {
    const length = codes.get(symbol)?.bits;
    if (length === undefined) bits.writeCode(0, 1);
    else bits.writeCode(length === 4 ? 0b10 : 0b11, 2);
  }
  return codes;
}

/** Writes a code of one symbol (which takes no bits) or of two (one bit each). */
function writeSimpleCode(bits: LsbBitWriter, symbols: readonly number[]): void {
  bits.write(1, 1);
  bits.write(symbols.length - 1, 1);
  bits.write(1, 1);
  for (const symbol of symbols) bits.write(symbol, 8);
}

/** Writes a copy; `distance` is the index of its distance in the code of distances. */
function writeCopy(bits: LsbBitWriter, green: ReadonlyMap<number, PrefixCode>, length: number, distance: 0 | 1): void {
  const value = length - 1;
  const extraBits = value < 4 ? 0 : 30 - Math.clz32(value);
  writeSymbol(bits, green, 256 + (value < 4 ? value : 2 * extraBits + (value >> extraBits)));
  bits.write(value & ((1 << extraBits) - 1), extraBits);
  bits.write(distance, 1);
}

function writeSymbol(bits: LsbBitWriter, code: ReadonlyMap<number, PrefixCode>, symbol: number): void {
  const entry = code.get(symbol);
  if (entry === undefined) throw new Error(`no prefix code for symbol ${String(symbol)}`);
  bits.writeCode(entry.code, entry.bits);
}

function wrap(data: Uint8Array): Uint8Array {
  const padded = data.length + (data.length % 2);
  const file = Buffer.alloc(20 + padded);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(12 + padded, 4);
  file.write("WEBPVP8L", 8, "latin1");
  file.writeUInt32LE(data.length, 16);
  file.set(data, 20);
  return file;
}
