/** Places that a server keeps for clients who stay, and how many it has: for requests that are held, for followers. */
export class Capacity {
  /** How many may stay at once. */
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
