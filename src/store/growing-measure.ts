/** Remembers a size that is slow to read, and reads it anew after it has grown. */

/** After so many bytes, or so many writes, the size is read anew. */
const MEASURED_BYTES = 1024 * 1024;
const MEASURED_WRITES = 256;

export class GrowingMeasure {
  readonly #read: () => number;
  #known: number | undefined;
  #grown = 0;
  #writes = 0;

  constructor(read: () => number) {
    this.#read = read;
  }

  get bytes(): number {
    if (this.#grown >= MEASURED_BYTES || this.#writes >= MEASURED_WRITES) this.forget();
    this.#known ??= this.#read();
    return this.#known + this.#grown;
  }

  /** Adds what is about to be written. */
  grow(bytes: number): void {
    this.#grown += bytes;
    this.#writes += 1;
  }

  /** Lets the next look read the size anew. */
  forget(): void {
    this.#known = undefined;
    this.#grown = 0;
    this.#writes = 0;
  }
}
