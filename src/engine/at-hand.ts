import { LRUCache } from "lru-cache";
import type { Store } from "../store/store.ts";
import type { Generation } from "./generation.ts";

/** How many are kept: what clients poll and what is about to change, not what is stored. */
const MOST = 1024;

/**
 * Generations as they are stored, without the reading and decoding. Whoever writes one keeps or drops it here; an
 * undone transaction drops them all, since some may have been kept within it.
 */
export class GenerationsAtHand {
  readonly #store: Store;
  readonly #rows = new Map<string, number>();
  readonly #byRow = new LRUCache<number, Generation>({
    max: MOST,
    dispose: ({ vendor, id }) => this.#rows.delete(keyOf(vendor, id)),
  });
  #undone: number;

  constructor(store: Store) {
    this.#store = store;
    this.#undone = store.undone;
  }

  find(vendor: string, id: string): Generation | undefined {
    this.#dropUndone();
    const row = this.#rows.get(keyOf(vendor, id));
    return row === undefined ? undefined : this.#byRow.get(row);
  }

  findRow(rowId: number): Generation | undefined {
    this.#dropUndone();
    return this.#byRow.get(rowId);
  }

  keep(generation: Generation): Generation {
    this.#dropUndone();
    this.#byRow.set(generation.rowId, generation);
    this.#rows.set(keyOf(generation.vendor, generation.id), generation.rowId);
    return generation;
  }

  drop({ rowId }: Generation): void {
    this.#byRow.delete(rowId);
  }

  clear(): void {
    this.#byRow.clear();
  }

  #dropUndone(): void {
    if (this.#undone === this.#store.undone) return;
    this.#undone = this.#store.undone;
    this.clear();
  }
}

function keyOf(vendor: string, id: string): string {
  return `${vendor} ${id}`;
}
