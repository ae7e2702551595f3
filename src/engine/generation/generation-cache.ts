/** Caches stored generations, so that polling does not read and decode them each time. */
import { LRUCache } from "lru-cache";
import type { MemoryBudget } from "../../platform/memory-budget.ts";
import type { Store } from "../../store/store.ts";
import type { Generation } from "../model/generation.ts";

/** Bounds the cache; ten thousand held requests fit in. */
const MOST = 16_384;

/** The memory of a decoded generation without its texts, and the memory of each character of its JSON. */
const BASE_BYTES = 1024;
const BYTES_PER_CHARACTER = 2;

interface Cached {
  readonly generation: Generation;
  readonly key: string;
  readonly length: number;
}

/**
 * The cached generations of all sandboxes, as stored. Code that writes a generation must keep or drop it here. An
 * undone transaction drops all of them, since some may have been kept within it. The least recently read leave when
 * their share of the memory budget is used up.
 */
export class GenerationCache {
  readonly #store: Store;
  readonly #byRow: LRUCache<number, Cached>;
  readonly #rows = new Map<string, number>();
  #undone: number;

  constructor(store: Store, budget: MemoryBudget) {
    this.#store = store;
    this.#undone = store.undone;
    this.#byRow = new LRUCache({
      max: MOST,
      maxSize: budget.shareOf("decoded"),
      sizeCalculation: ({ length }) => BASE_BYTES + BYTES_PER_CHARACTER * length,
      dispose: ({ key }) => {
        this.#rows.delete(key);
      },
    });
    budget.measureBy("decoded", () => this.#byRow.calculatedSize);
  }

  find(sandboxId: number, vendor: string, id: string): Generation | undefined {
    this.#dropUndone();
    const rowId = this.#rows.get(keyOf(sandboxId, vendor, id));
    return rowId === undefined ? undefined : this.#byRow.get(rowId)?.generation;
  }

  findRow(rowId: number): Generation | undefined {
    this.#dropUndone();
    return this.#byRow.get(rowId)?.generation;
  }

  /** Keeps a generation; `length` is that of its JSON, by default that of the generation it replaces. */
  keep(sandboxId: number, generation: Generation, length?: number): Generation {
    this.#dropUndone();
    const { rowId, vendor, id } = generation;
    const key = keyOf(sandboxId, vendor, id);
    const known = length ?? this.#byRow.peek(rowId)?.length;
    // Without a known length it was too large to be kept, and still is.
    if (known === undefined) return generation;
    this.#byRow.set(rowId, { generation, key, length: known });
    if (this.#byRow.has(rowId)) this.#rows.set(key, rowId);
    return generation;
  }

  drop({ rowId }: Generation): void {
    this.#byRow.delete(rowId);
  }

  /** Drops everything, when a sandbox is emptied: its row numbers and its seeded ids may be used again. */
  clear(): void {
    this.#byRow.clear();
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
