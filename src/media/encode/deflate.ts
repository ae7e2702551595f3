/**
 * Compresses runs of equal bytes with DEFLATE (RFC 1951), in a zlib wrapper (RFC 1950).
 *
 * It does not use node:zlib, for two reasons. The output of node:zlib depends on its version and on the processor, but
 * the same media must have the same bytes everywhere. And with runs, the cost of a picture of 4096 x 4096 depends on
 * its text, not on its 50 MB.
 */
import { LsbBitWriter } from "./bit-writer.ts";

const adlerModulus = 65_521;
const maxMatch = 258;

/** Compresses runs; `take` ends the stream. */
export class RunDeflater {
  readonly #bits = new LsbBitWriter();
  #adlerLow = 1;
  #adlerHigh = 0;

  constructor() {
    // Writes the zlib header (32 KiB window, fastest level), then begins the only block, with the fixed codes.
    this.#bits.write(0x78, 8);
    this.#bits.write(0x01, 8);
    this.#bits.write(1, 1);
    this.#bits.write(1, 2);
  }

  /** Appends `byte` `times` times. */
  run(byte: number, times: number): void {
    if (times === 0) return;
    this.#count(byte, times);
    this.#symbol(byte);
    let left = times - 1;
    for (; left >= maxMatch; left -= maxMatch) this.#repeat(maxMatch);
    if (left >= 3) this.#repeat(left);
    else for (; left > 0; left--) this.#symbol(byte);
  }

  take(): Uint8Array {
    this.#symbol(256);
    const stream = this.#bits.take();
    const whole = new Uint8Array(stream.length + 4);
    whole.set(stream);
    new DataView(whole.buffer).setUint32(stream.length, this.#adlerHigh * 65_536 + this.#adlerLow);
    return whole;
  }

  /** Adds a run to the Adler-32 checksum in closed form. */
  #count(byte: number, times: number): void {
    const rise = (byte * ((times * (times + 1)) / 2)) % adlerModulus;
    this.#adlerHigh = (this.#adlerHigh + times * this.#adlerLow + rise) % adlerModulus;
    this.#adlerLow = (this.#adlerLow + byte * times) % adlerModulus;
  }

  /** Writes a literal or length symbol (RFC 1951, 3.2.6). */
  #symbol(symbol: number): void {
    if (symbol < 144) this.#bits.writeCode(0x30 + symbol, 8);
    else if (symbol < 256) this.#bits.writeCode(0x190 + symbol - 144, 9);
    else if (symbol < 280) this.#bits.writeCode(symbol - 256, 7);
    else this.#bits.writeCode(0xc0 + symbol - 280, 8);
  }

  /** Repeats the previous byte `length` (3 to 258) times (RFC 1951, 3.2.5). */
  #repeat(length: number): void {
    if (length === maxMatch) {
      this.#symbol(285);
    } else if (length <= 10) {
      this.#symbol(254 + length);
    } else {
      const extraBits = 29 - Math.clz32(length - 3);
      const offset = length - 3 - (4 << extraBits);
      this.#symbol(261 + 4 * extraBits + (offset >> extraBits));
      this.#bits.write(offset & ((1 << extraBits) - 1), extraBits);
    }
    this.#bits.writeCode(0, 5);
  }
}
