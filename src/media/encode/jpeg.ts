/** Encodes pictures as small baseline JPEG files (ITU-T T.81), 4:4:4. */
import { MsbBitWriter } from "./bit-writer.ts";
import type { Rgb } from "./colour.ts";
import { SquareReader, type Picture } from "./picture.ts";
import type { Steps } from "../../engine/base/turns.ts";

/**
 * Two methods keep it small and fast. All tones have the same chroma, so only the luma has detail, and equal squares are
 * transformed once. The Huffman tables suit mostly blank pictures: "nothing new" takes one bit, anything else 5 or 9.
 */

const blockSize = 8;
/** The quantizer step of all frequencies: small enough that the edges of letters stay clean. */
const quantizer = 8;

/** cos(k * pi / 16) for k = 0 to 7, as literals, because the last digit of Math.cos may differ between engines. */
const cosines = [
  1, 0.9807852804032304, 0.9238795325112867, 0.8314696123025452, 0.7071067811865476, 0.5555702330196022,
  0.3826834323650898, 0.19509032201612825,
] as const;

/** Encodes a picture as baseline JPEG. */
export function* encodeJpeg(picture: Picture): Steps<Uint8Array> {
  const data = yield* scan(picture);
  return Buffer.concat([
    Uint8Array.of(0xff, 0xd8),
    segment(0xe0, [...Buffer.from("JFIF\0", "latin1"), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...Array.from({ length: 64 }, () => quantizer)]),
    segment(0xc0, [8, ...uint16(picture.height), ...uint16(picture.width), 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]),
    segment(0xc4, [0x00, ...codeCounts(5, 11), ...Array.from({ length: 12 }, (_, size) => size)]),
    segment(0xc4, [0x10, ...codeCounts(9, 161), 0x00, 0xf0, ...runsAndSizes()]),
    segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    stuffed(data),
    Uint8Array.of(0xff, 0xd9),
  ]);
}

function* scan(picture: Picture): Steps<Uint8Array> {
  const bits = new MsbBitWriter();
  const [, blue, red] = toYcc(picture.colours[0]);
  const lumas = picture.colours.map((colour) => toYcc(colour)[0]);
  const patternOf = patterns(lumas);
  const squares = new SquareReader(picture, blockSize);
  let luma = 0;
  let isFirst = true;
  for (let top = 0; top < picture.height; top += blockSize) {
    squares.enterRow(top);
    for (let left = 0; left < picture.width; left += blockSize) {
      const square = squares.read(left);
      const pattern = typeof square === "number" ? undefined : patternOf(square);
      const mean = pattern?.[0] ?? (lumas[Number(square)] ?? 0) * blockSize;
      const level = Math.round(mean / quantizer);
      writeDc(bits, level - luma);
      luma = level;
      if (pattern === undefined) bits.write(0, 1);
      else writeAc(bits, pattern);
      for (const chroma of [blue, red]) {
        if (isFirst) writeDc(bits, Math.round((chroma * blockSize) / quantizer));
        else bits.write(0, 1);
        bits.write(0, 1);
      }
      isFirst = false;
    }
    yield;
  }
  bits.align(1);
  return bits.take();
}

/** Returns a function that transforms each square once, because squares recur (the same letter edge). */
function patterns(lumas: readonly number[]): (square: Uint8Array) => readonly number[] {
  const known = new Map<string, readonly number[]>();
  return (square) => {
    const key = Buffer.from(square.buffer).toString("latin1");
    const pattern = known.get(key) ?? transform(Array.from(square, (tone) => lumas[tone] ?? 0));
    known.set(key, pattern);
    return pattern;
  };
}

/** Returns the 64 coefficients of the two-dimensional DCT in zigzag order. */
function transform(square: readonly number[]): readonly number[] {
  const rows = transformRows(square);
  const both = transformRows(rows);
  return zigzag.map((index) => both[index] ?? 0);
}

/** Transforms each row and transposes, so that two calls transform rows and columns. */
function transformRows(values: readonly number[]): number[] {
  const out: number[] = [];
  for (let frequency = 0; frequency < blockSize; frequency++) {
    for (let row = 0; row < blockSize; row++) {
      let sum = 0;
      for (let x = 0; x < blockSize; x++) {
        sum += (values[row * blockSize + x] ?? 0) * cosineOf((2 * x + 1) * frequency);
      }
      out.push((sum / 2) * (frequency === 0 ? cosines[4] : 1));
    }
  }
  return out;
}

function cosineOf(sixteenths: number): number {
  const angle = sixteenths % 32;
  const folded = angle > 16 ? 32 - angle : angle;
  return folded > 8 ? -(cosines[16 - folded] ?? 0) : (cosines[folded] ?? 0);
}

/** Positions of a block by rising frequency: along the diagonals, alternately up and down. */
const zigzag: readonly number[] = Array.from({ length: blockSize * blockSize }, (_, index) => index).sort((a, b) => {
  const diagonal = (index: number) => (index % blockSize) + Math.floor(index / blockSize);
  const along = (index: number) => (diagonal(index) % 2 === 0 ? index % blockSize : Math.floor(index / blockSize));
  return diagonal(a) - diagonal(b) || along(a) - along(b);
});

function writeDc(bits: MsbBitWriter, difference: number): void {
  const size = bitSize(difference);
  if (size === 0) bits.write(0, 1);
  else {
    bits.write(15 + size, 5);
    writeAmplitude(bits, difference, size);
  }
}

function writeAc(bits: MsbBitWriter, pattern: readonly number[]): void {
  let zeros = 0;
  for (let index = 1; index < pattern.length; index++) {
    const level = Math.round((pattern[index] ?? 0) / quantizer);
    if (level === 0) {
      zeros++;
      continue;
    }
    for (; zeros >= 16; zeros -= 16) bits.write(256, 9);
    const size = bitSize(level);
    bits.write(257 + zeros * 10 + size - 1, 9);
    writeAmplitude(bits, level, size);
    zeros = 0;
  }
  if (zeros > 0) bits.write(0, 1);
}

function writeAmplitude(bits: MsbBitWriter, value: number, size: number): void {
  bits.write(value > 0 ? value : value + (1 << size) - 1, size);
}

function bitSize(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

/** Returns the number of codes per length: one of 1 bit, and `count` of `length` bits. */
function codeCounts(length: number, count: number): readonly number[] {
  return Array.from({ length: 16 }, (_, index) => (index === 0 ? 1 : index === length - 1 ? count : 0));
}

/** Returns the symbols of the AC table in code order: a run of 0 to 15 zeros, then a value of 1 to 10 bits. */
function runsAndSizes(): readonly number[] {
  return Array.from({ length: 160 }, (_, index) => (Math.floor(index / 10) << 4) | ((index % 10) + 1));
}

/** Converts a colour as JFIF does (BT.601, full range), shifted to be signed. */
function toYcc([r, g, b]: Rgb): Rgb {
  return [
    Math.round((299 * r + 587 * g + 114 * b) / 1000) - 128,
    Math.round((-168_736 * r - 331_264 * g + 500_000 * b) / 1_000_000),
    Math.round((500_000 * r - 418_688 * g - 81_312 * b) / 1_000_000),
  ];
}

/** Inserts a zero after every 0xff of the scan, so that it is not read as a marker. */
function stuffed(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + data.filter((byte) => byte === 0xff).length);
  let length = 0;
  for (const byte of data) {
    out[length++] = byte;
    if (byte === 0xff) length++;
  }
  return out;
}

function segment(marker: number, body: readonly number[]): Uint8Array {
  return Uint8Array.of(0xff, marker, ...uint16(body.length + 2), ...body);
}

function uint16(value: number): readonly [number, number] {
  return [value >> 8, value & 0xff];
}
