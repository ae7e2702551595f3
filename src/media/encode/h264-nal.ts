/** Writes the NAL units of H.264. */
import type { MsbBitWriter } from "./bit-writer.ts";

/** The first byte of a NAL unit: its importance for later pictures, then its type (table 7-1). */
const firstByte = {
  predictedPicture: (2 << 5) | 1,
  intraPicture: (3 << 5) | 5,
  sequenceParameters: (3 << 5) | 7,
  pictureParameters: (3 << 5) | 8,
} as const;

/** Writes the Exponential-Golomb code of a number (9.1). */
export function writeUe(bits: MsbBitWriter, value: number): void {
  const length = 32 - Math.clz32(value + 1);
  bits.write(0, length - 1);
  bits.write(value + 1, length);
}

/** Writes the code of a number that may be negative (9.1.1). */
export function writeSe(bits: MsbBitWriter, value: number): void {
  writeUe(bits, value > 0 ? 2 * value - 1 : -2 * value);
}

/** Builds a NAL unit: ends the payload, and escapes start codes in it (7.4.1). */
export function nalUnit(kind: keyof typeof firstByte, bits: MsbBitWriter): Uint8Array {
  bits.write(1, 1);
  bits.align(0);
  const payload = bits.take();
  // An escape follows two zeros, so there is at most one for every two bytes.
  const unit = new Uint8Array(1 + payload.length + (payload.length >> 1));
  unit[0] = firstByte[kind];
  let length = 1;
  let zeros = 0;
  for (const byte of payload) {
    if (zeros >= 2 && byte <= 3) {
      unit[length++] = 3;
      zeros = 0;
    }
    unit[length++] = byte;
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  return unit.slice(0, length);
}
