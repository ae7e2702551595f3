/**
 * Keeps the requests that reached no sandbox or no route, which is the usual reason why a verification finds less than
 * a developer expects. They are kept apart from the journals, because it is not known which sandbox they were for.
 */
import type { JournalEntry } from "./journal.ts";

export type UnassignedReason = "no-sandbox" | "no-route" | "no-vendor";

export interface UnassignedRequest {
  readonly id: number;
  readonly reason: UnassignedReason;
  /** The sandbox whose journal has the entry; undefined for a request outside the vendors' prefixes. */
  readonly sandbox: string | undefined;
  readonly entry: JournalEntry;
}

const MOST_KEPT = 1000;

export class UnassignedRequests {
  #kept: UnassignedRequest[] = [];
  #lastId = 0;
  #evicted = 0;
  readonly #onAdded: (added: UnassignedRequest) => void;

  /** `onAdded` is called with every request that is added. */
  constructor(onAdded: (added: UnassignedRequest) => void = () => undefined) {
    this.#onAdded = onAdded;
  }

  get evicted(): number {
    return this.#evicted;
  }

  get count(): number {
    return this.#kept.length;
  }

  add(reason: UnassignedReason, sandbox: string | undefined, entry: JournalEntry): void {
    this.#lastId += 1;
    const added = { id: this.#lastId, reason, sandbox, entry };
    this.#kept.push(added);
    if (this.#kept.length > MOST_KEPT) {
      this.#kept.shift();
      this.#evicted += 1;
    }
    this.#onAdded(added);
  }

  /** Returns the kept requests in order of arrival. */
  all(): readonly UnassignedRequest[] {
    return this.#kept;
  }

  /** Returns the requests that could belong to a sandbox since its last reset: no other sandbox's key was sent. */
  possiblyOf(sandbox: string, since: number): readonly UnassignedRequest[] {
    return this.#kept.filter(
      (each) => each.entry.wallAt >= since && (each.reason !== "no-route" || each.sandbox === sandbox),
    );
  }

  clear(): void {
    this.#kept = [];
    this.#evicted = 0;
  }
}
