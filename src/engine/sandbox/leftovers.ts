/**
 * Clears the rows of deleted and replaced sandboxes in short turns. Deletion and reset only rename a sandbox's row, so
 * they are short however much it holds; what a kill left over is cleared after the next start.
 */
import type { Store } from "../../store/store.ts";
import type { WallClock } from "../base/clock.ts";
import { Turns } from "../base/turns.ts";

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
    void this.#clearAll();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #clearAll(): Promise<void> {
    const { store, wall, onError } = this.#parts;
    try {
      do {
        await wall.nextTurn();
        if (this.#isClosed || !store.isOpen) return;
        store.deleteFromReserve(() => {
          store.transaction(() => {
            const turns = new Turns(wall);
            while (store.leftovers.deleteSome() && !turns.isOver);
          });
        });
      } while (store.leftovers.hasSome);
      this.#isRunning = false;
    } catch (error) {
      onError(error);
      wall.after(RETRY_MS, () => {
        void this.#clearAll();
      });
    }
  }
}
