import { LRUCache } from "lru-cache";
import type { Store } from "../../store/store.ts";
import type { Generation } from "../model/generation.ts";

/** Bounds what is kept of what clients poll and of what is about to change; ten thousand held requests fit in. */
const MOST = 16_384;

/**
 * Generations of all sandboxes as they are stored, without the reading and decoding. Whoever writes one keeps or drops
 * it here; an undone transaction drops them all, since some may have been kept within it.
 */
export class GenerationCache {
  readonly #store: Store;
  readonly #byRow = new LRUCache<number, Generation>({ max: MOST });
  readonly #byPublicId = new LRUCache<string, Generation>({ max: MOST });
  #undone: number;

  constructor(store: Store) {
    this.#store = store;
    this.#undone = store.undone;
  }

  find(sandboxId: number, vendor: string, id: string): Generation | undefined {
    this.#dropUndone();
    return this.#byPublicId.get(keyOf(sandboxId, vendor, id));
  }

  findRow(rowId: number): Generation | undefined {
    this.#dropUndone();
    return this.#byRow.get(rowId);
  }

  keep(sandboxId: number, generation: Generation): Generation {
    this.#dropUndone();
    this.#byRow.set(generation.rowId, generation);
    this.#byPublicId.set(keyOf(sandboxId, generation.vendor, generation.id), generation);
    return generation;
  }

  drop(sandboxId: number, { rowId, vendor, id }: Generation): void {
    this.#byRow.delete(rowId);
    this.#byPublicId.delete(keyOf(sandboxId, vendor, id));
  }

  /** For when a sandbox is emptied: its rows' numbers, and by its seed their ids, may come again. */
  clear(): void {
    this.#byRow.clear();
    this.#byPublicId.clear();
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
