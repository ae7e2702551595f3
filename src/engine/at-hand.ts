import { LRUCache } from "lru-cache";
import type { Store } from "../store/store.ts";
import type { Generation } from "./generation.ts";

/** How many are kept: what clients poll and what is about to change, not what is stored. */
const MOST = 4096;

/**
 * Generations of all sandboxes as they are stored, without the reading and decoding. Whoever writes one keeps or drops
 * it here; an undone transaction drops them all, since some may have been kept within it.
 */
export class GenerationsAtHand {
  readonly #store: Store;
  readonly #keys = new Map<number, string>();
  readonly #generations = new LRUCache<string, Generation>({
    max: MOST,
    dispose: ({ rowId }) => this.#keys.delete(rowId),
  });
  #undone: number;

  constructor(store: Store) {
    this.#store = store;
    this.#undone = store.undone;
  }

  find(sandboxId: number, vendor: string, id: string): Generation | undefined {
    this.#dropUndone();
    return this.#generations.get(keyOf(sandboxId, vendor, id));
  }

  findRow(rowId: number): Generation | undefined {
    this.#dropUndone();
    const key = this.#keys.get(rowId);
    return key === undefined ? undefined : this.#generations.get(key);
  }

  keep(sandboxId: number, generation: Generation): Generation {
    this.#dropUndone();
    const key = keyOf(sandboxId, generation.vendor, generation.id);
    this.#generations.set(key, generation);
    this.#keys.set(generation.rowId, key);
    return generation;
  }

  drop({ rowId }: Generation): void {
    const key = this.#keys.get(rowId);
    if (key !== undefined) this.#generations.delete(key);
  }

  /** For when a sandbox is emptied: its rows' numbers, and by its seed their ids, may come again. */
  clear(): void {
    this.#generations.clear();
  }

  #dropUndone(): void {
    if (this.#undone === this.#store.undone) return;
    this.#undone = this.#store.undone;
    this.clear();
  }
}

function keyOf(sandboxId: number, vendor: string, id: string): string {
  return `${sandboxId} ${vendor} ${id}`;
}
