/** Lists generations that are read when they are needed, because thousands of them may not fit in memory at once. */
import type { Generation } from "../model/generation.ts";

/** So many row ids are read at once. */
const IDS_AT_ONCE = 256;

export interface GenerationListParts {
  readonly length: number;
  /** Returns the row ids of a part of the list, after a row or a number of rows. */
  readonly idsAfter: (
    place: { readonly after: number } | { readonly offset: number },
    limit: number,
  ) => readonly number[];
  readonly read: (rowId: number) => Generation | undefined;
}

export class GenerationList {
  readonly length: number;
  readonly #parts: GenerationListParts;
  #first = 0;
  #ids: readonly number[];

  constructor(parts: GenerationListParts) {
    this.#parts = parts;
    this.length = parts.length;
    this.#ids = parts.idsAfter({ offset: 0 }, this.#most(0));
  }

  /** Returns a generation of the list; undefined if it was deleted since. Fastest from the first to the last. */
  at(index: number): Generation | undefined {
    const id = this.idAt(index);
    return id === undefined ? undefined : this.#parts.read(id);
  }

  /** Returns the row id of a generation of the list. */
  idAt(index: number): number | undefined {
    if (index < 0 || index >= this.length) return undefined;
    const next = this.#first + this.#ids.length;
    const last = this.#ids.at(-1);
    if (index === next && last !== undefined) {
      this.#ids = this.#parts.idsAfter({ after: last }, this.#most(index));
      this.#first = index;
    } else if (index < this.#first || index > next) {
      this.#ids = this.#parts.idsAfter({ offset: index }, this.#most(index));
      this.#first = index;
    }
    return this.#ids[index - this.#first];
  }

  *[Symbol.iterator](): Generator<Generation, void> {
    for (let index = 0; index < this.length; index += 1) {
      const found = this.at(index);
      if (found !== undefined) yield found;
    }
  }

  #most(from: number): number {
    return Math.min(IDS_AT_ONCE, this.length - from);
  }
}
