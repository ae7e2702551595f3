/** Writes values as bits, in the two bit orders that media formats use. */

/** A growing byte buffer, used by both bit orders. */
class ByteSink {
  #bytes = new Uint8Array(4096);
  #length = 0;

  push(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(extra: number): void {
    const needed = this.#length + extra;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** Packs bits from the most significant end of each byte, as JPEG, H.264 and MP3 do. */
export class MsbBitWriter {
  readonly #sink = new ByteSink();
  #partial = 0;
  #used = 0;

  /** Appends the low `count` bits of `value` (at most 24), the highest first. */
  write(value: number, count: number): void {
    this.#partial = (this.#partial << count) | value;
    this.#used += count;
    while (this.#used >= 8) {
      this.#used -= 8;
      this.#sink.push((this.#partial >>> this.#used) & 0xff);
    }
    this.#partial &= (1 << this.#used) - 1;
  }

  /** Fills the current byte with zeros or ones. */
  align(bit: 0 | 1): void {
    const missing = (8 - this.#used) % 8;
    if (missing > 0) this.write(bit === 1 ? (1 << missing) - 1 : 0, missing);
  }

  /** Appends whole bytes; the writer must be aligned. */
  append(bytes: Uint8Array): void {
    this.#sink.append(bytes);
  }

  take(): Uint8Array {
    return this.#sink.take();
  }
}

/** Packs bits from the least significant end of each byte, as DEFLATE and lossless WebP do. */
export class LsbBitWriter {
  readonly #sink = new ByteSink();
  #partial = 0;
  #used = 0;

  /** Appends the low `count` bits of `value` (at most 24), the lowest first. */
  write(value: number, count: number): void {
    this.#partial |= value << this.#used;
    this.#used += count;
    while (this.#used >= 8) {
      this.#sink.push(this.#partial & 0xff);
      this.#partial >>>= 8;
      this.#used -= 8;
    }
  }

  /** Appends a prefix code, which both formats send highest bit first. */
  writeCode(code: number, count: number): void {
    let reversed = 0;
    for (let bit = 0; bit < count; bit++) reversed |= ((code >> bit) & 1) << (count - 1 - bit);
    this.write(reversed, count);
  }

  /** Fills the last byte with zeros and returns all bytes. */
  take(): Uint8Array {
    if (this.#used > 0) this.write(0, 8 - this.#used);
    return this.#sink.take();
  }
}
