/**
 * Orders work by its instant, and work of the same instant by when it was added. Unlike a plain heap it gives up any
 * entry at once, so that cancelled work holds no memory.
 */

/** Work in a heap, or taken from it. */
export interface DueEntry<Work> {
  readonly at: number;
  readonly order: number;
  readonly work: Work;
  /** Where the heap has it; -1 when it is in no heap. Only the heap changes it. */
  place: number;
}

export class DueHeap<Work> {
  #entries: DueEntry<Work>[] = [];

  get length(): number {
    return this.#entries.length;
  }

  peek(): DueEntry<Work> | undefined {
    return this.#entries[0];
  }

  /** Adds an entry, which must not be in a heap yet. */
  push(entry: DueEntry<Work>): void {
    this.#entries.push(entry);
    this.#rise(this.#entries.length - 1, entry);
  }

  pop(): DueEntry<Work> | undefined {
    const [first] = this.#entries;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Removes an entry; returns whether it was there. */
  remove(entry: DueEntry<Work>): boolean {
    const { place } = entry;
    if (this.#entries[place] !== entry) return false;
    entry.place = -1;
    const last = this.#entries.pop();
    if (last !== undefined && last !== entry) this.#sink(place, last);
    return true;
  }

  clear(): void {
    this.#entries = [];
  }

  /** Puts an entry at a place or above it. */
  #rise(start: number, entry: DueEntry<Work>): void {
    let place = start;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#entries[above];
      if (parent === undefined || isBefore(parent, entry)) break;
      this.#put(place, parent);
      place = above;
    }
    this.#put(place, entry);
  }

  /** Puts an entry at a place, below it, or above it. */
  #sink(start: number, entry: DueEntry<Work>): void {
    let place = start;
    for (;;) {
      let below = 2 * place + 1;
      const [left, right] = [this.#entries[below], this.#entries[below + 1]];
      if (left === undefined) break;
      let child = left;
      if (right !== undefined && isBefore(right, left)) [child, below] = [right, below + 1];
      if (isBefore(entry, child)) break;
      this.#put(place, child);
      place = below;
    }
    this.#rise(place, entry);
  }

  #put(place: number, entry: DueEntry<Work>): void {
    this.#entries[place] = entry;
    entry.place = place;
  }
}

function isBefore(one: DueEntry<unknown>, other: DueEntry<unknown>): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
