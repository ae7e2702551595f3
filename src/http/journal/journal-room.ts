/** Shares the memory of the journals among all sandboxes: none can push out the entries of many others. */
import type { MemoryBudget } from "../../platform/memory-budget.ts";

/** What the room needs of a journal. */
interface Occupant {
  readonly bytes: number;
  readonly dropOldest: () => boolean;
}

export class JournalRoom {
  readonly #budget: MemoryBudget;
  readonly #most: number;
  /** The journals with entries, the one that grew least recently first. */
  readonly #journals = new Set<Occupant>();
  /** The last one of them. */
  #latest: Occupant | undefined;
  #bytes = 0;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
    this.#most = budget.shareOf("journal");
    budget.measureBy("journal", () => this.#bytes);
  }

  /** Counts what a journal keeps more, or less. */
  grow(journal: Occupant, bytes: number): void {
    this.#bytes += bytes;
    if (bytes <= 0 || journal === this.#latest) return;
    this.#journals.delete(journal);
    this.#journals.add(journal);
    this.#latest = journal;
  }

  /**
   * Drops entries until the rest fits: of the journal itself while it has more than its fair part, then of those that
   * grew least recently.
   */
  makeRoom(journal: Occupant): void {
    while (this.#isFull && journal.bytes > this.#most / this.#journals.size && journal.dropOldest());
    for (const other of this.#journals) while (this.#isFull && other !== journal && other.dropOldest());
  }

  leave(journal: Occupant): void {
    if (this.#journals.delete(journal)) this.#bytes -= journal.bytes;
    if (journal === this.#latest) this.#latest = undefined;
  }

  get #isFull(): boolean {
    return this.#bytes > this.#most || (this.#bytes > this.#most / 4 && this.#budget.used > this.#budget.limit);
  }
}
