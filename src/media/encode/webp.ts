/** Encodes pictures as lossless WebP files (RFC 9649, section 3). */
import { LsbBitWriter } from "./bit-writer.ts";
import { rowStretches, type Picture } from "./picture.ts";

/**
 * A picture is a few long stretches of two colours, so each stretch is one literal pixel and copies of the previous
 * pixel; no transform, no colour cache.
 */

const maxCopy = 4096;
const lengthSymbols = 24;
const greenAlphabet = 256 + lengthSymbols;

interface PrefixCode {
  readonly code: number;
  readonly bits: number;
}

/** Encodes a picture as lossless WebP. */
export function encodeWebp(picture: Picture): Uint8Array {
  const bits = new LsbBitWriter();
  bits.write(0x2f, 8);
  bits.write(picture.width - 1, 14);
  bits.write(picture.height - 1, 14);
  // No alpha, version 0, no transform, no colour cache, one group of prefix codes.
  bits.write(0, 1 + 3 + 1 + 1 + 1);
  const pixels = [picture.background, picture.ink];
  const [reds, greens, blues] = [0, 1, 2].map((channel) => distinct(pixels.map((colour) => colour[channel] ?? 0)));
  const green = writeGreenCode(bits, greens ?? []);
  writeSimpleCode(bits, reds ?? []);
  writeSimpleCode(bits, blues ?? []);
  writeSimpleCode(bits, [255]);
  // Distance code 2 is the pixel to the left; no other distance is used.
  writeSimpleCode(bits, [1]);

  for (const { isInk, length } of stretches(picture)) {
    const [r, g, b] = isInk ? picture.ink : picture.background;
    writeSymbol(bits, green, g);
    if (reds?.length === 2) bits.write(reds.indexOf(r), 1);
    if (blues?.length === 2) bits.write(blues.indexOf(b), 1);
    for (let left = length - 1; left > 0; left -= maxCopy) writeCopy(bits, green, Math.min(left, maxCopy));
  }
  return wrap(bits.take());
}

/** Yields the picture's pixels in reading order as stretches of one colour, which continue across rows. */
function* stretches(picture: Picture): Generator<{ isInk: boolean; length: number }> {
  let current = { isInk: false, length: 0 };
  for (let y = 0; y < picture.height; y++) {
    for (const [index, length] of rowStretches(picture, y).entries()) {
      const isInk = index % 2 === 1;
      if (isInk !== current.isInk && length > 0) {
        if (current.length > 0) yield current;
        current = { isInk, length: 0 };
      }
      current.length += length;
    }
  }
  yield current;
}

/**
 * Writes the code of green literals and copy lengths. Its 25 or 26 symbols get 4 or 5 bits, in the numbers that make
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

function writeCopy(bits: LsbBitWriter, green: ReadonlyMap<number, PrefixCode>, length: number): void {
  const value = length - 1;
  if (value < 4) {
    writeSymbol(bits, green, 256 + value);
    return;
  }
  const extraBits = 30 - Math.clz32(value);
  writeSymbol(bits, green, 256 + 2 * extraBits + (value >> extraBits));
  bits.write(value & ((1 << extraBits) - 1), extraBits);
}

function writeSymbol(bits: LsbBitWriter, code: ReadonlyMap<number, PrefixCode>, symbol: number): void {
  const entry = code.get(symbol);
  if (entry === undefined) throw new Error(`no prefix code for symbol ${String(symbol)}`);
  bits.writeCode(entry.code, entry.bits);
}

function distinct(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
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
