/**
 * Clears the rows of deleted and replaced sandboxes in short slices. Deletion and reset only rename a sandbox's row, so
 * they are short however much it holds; what a kill left over is cleared after the next start.
 */
import type { Store } from "../../store/store.ts";
import type { WallClock } from "../base/clock.ts";

const SLICE_MS = 5;
const RETRY_MS = 1000;

export interface LeftoversParts {
  readonly store: Store;
  readonly wall: WallClock;
  readonly onError: (error: unknown) => void;
}

export class Leftovers {
  readonly #parts: LeftoversParts;
  #isRunning = false;
  #isClosed = false;

  constructor(parts: LeftoversParts) {
    this.#parts = parts;
  }

  /** Begins to clear what is left over; does nothing while that runs. */
  clear(): void {
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    setImmediate(this.#clearSlice);
  }

  close(): void {
    this.#isClosed = true;
  }

  readonly #clearSlice = (): void => {
    const { store, wall, onError } = this.#parts;
    if (this.#isClosed || !store.isOpen) return;
    try {
      store.deleteFromReserve(() => {
        store.transaction(() => {
          const end = wall.now() + SLICE_MS;
          while (store.leftovers.deleteSome() && wall.now() < end);
        });
      });
      this.#isRunning = store.leftovers.hasSome;
      if (this.#isRunning) setImmediate(this.#clearSlice);
    } catch (error) {
      onError(error);
      wall.after(RETRY_MS, this.#clearSlice);
    }
  };
}
