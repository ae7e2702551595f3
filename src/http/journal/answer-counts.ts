/** Counts the answers that clients got, apart from the journal, so that they stay counted when its entries are dropped. */
import type { Phase } from "../../engine/model/phases.ts";

/** An answer that is told apart from other answers of its operation. */
export interface CountedAnswer {
  readonly vendor: string;
  readonly operation: string;
  readonly status: number;
  readonly code?: string;
  /** The phase that the answer shows. */
  readonly phase?: Phase;
  /** The only version of the vendor's API that gives this answer; absent if each version does. */
  readonly vintage?: string;
  /** Whether the answer is a row of the vendor's outcomes. */
  readonly isListed: boolean;
}

/** The numbers of answers since the counts began. Counting an answer that was counted before allocates nothing. */
export class AnswerCounts {
  readonly #counts = new Map<CountedAnswer, number>();
  readonly #vintages = new Map<string, Set<string>>();
  /** Grows with every change. */
  changes = 0;

  add(answer: CountedAnswer, times = 1): void {
    this.#counts.set(answer, (this.#counts.get(answer) ?? 0) + times);
    this.changes += 1;
  }

  /** Notes the version of a vendor's API that answered; called only for vendors whose versions have own answers. */
  noteVintage(vendor: string, vintage: string): void {
    const noted = this.#vintages.get(vendor);
    if (noted === undefined) this.#vintages.set(vendor, new Set([vintage]));
    else noted.add(vintage);
  }

  countOf(answer: CountedAnswer): number {
    return this.#counts.get(answer) ?? 0;
  }

  /** Returns the answers that were counted, with their numbers. */
  all(): readonly (readonly [answer: CountedAnswer, count: number])[] {
    return [...this.#counts];
  }

  /** Returns the versions of a vendor's API that answered, as far as they were noted. */
  vintagesOf(vendor: string): readonly string[] {
    return [...(this.#vintages.get(vendor) ?? [])];
  }

  /** Returns the vendors of which versions were noted. */
  vendorsWithVintages(): readonly string[] {
    return [...this.#vintages.keys()];
  }

  clear(): void {
    this.#counts.clear();
    this.#vintages.clear();
    this.changes += 1;
  }
}
