/** Caches stored generations, so that polling does not read and decode them each time. */
import { LRUCache } from "lru-cache";
import type { Store } from "../../store/store.ts";
import type { Generation } from "../model/generation.ts";

/** Bounds the cache; ten thousand held requests fit in. */
const MOST = 16_384;

/**
 * The cached generations of all sandboxes, as stored. Code that writes a generation must keep or drop it here. An
 * undone transaction drops all of them, since some may have been kept within it.
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

  /** Drops everything, when a sandbox is emptied: its row numbers and its seeded ids may be used again. */
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
