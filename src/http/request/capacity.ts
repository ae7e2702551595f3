/** Counts the clients that stay connected, against a limit: one counter for held requests, one for event streams. */
export class Capacity {
  /** The most clients that may stay connected at once. */
  readonly most: number;
  #count = 0;

  constructor(most: number) {
    this.most = most;
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count >= this.most;
  }

  enter(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
  }
}
