/** Counts the clients that stay connected, against a limit: one counter for held requests, one for event streams. */

/** The most places of one connection, which could take all by sending requests without waiting for answers. */
const MOST_PER_CONNECTION = 100;

export class Capacity {
  /** The most clients that may stay connected at once. */
  readonly most: number;
  readonly #byConnection = new WeakMap<object, number>();
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

  /** Returns why `wanted` places cannot be had by a connection; undefined if they can. */
  refusal(connection: object, wanted = 1): string | undefined {
    if (this.#count + wanted > this.most) return `${this.#count} requests are held already.`;
    const own = this.#byConnection.get(connection) ?? 0;
    if (own + wanted <= Math.max(MOST_PER_CONNECTION, wanted)) return undefined;
    return `${own} requests of this connection are held already; one connection has at most ${MOST_PER_CONNECTION}.`;
  }

  /** Takes a place; call the result once to leave it. */
  enter(connection?: object): () => void {
    this.#count += 1;
    this.#change(connection, 1);
    return () => {
      this.#count -= 1;
      this.#change(connection, -1);
    };
  }

  #change(connection: object | undefined, by: number): void {
    if (connection !== undefined) this.#byConnection.set(connection, (this.#byConnection.get(connection) ?? 0) + by);
  }
}
