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

  /**
   * Returns the requests that could belong to a sandbox since its last reset: no key that was sent names another
   * sandbox. `isSandbox` tells which names are those of sandboxes; another name may be a mistyped one.
   */
  possiblyOf(sandbox: string, since: number, isSandbox: (name: string) => boolean): readonly UnassignedRequest[] {
    return this.#kept.filter(({ reason, sandbox: own, entry }) => {
      if (entry.wallAt < since) return false;
      if (reason === "no-route") return own === sandbox;
      const names = sandboxesNamedIn(entry);
      return names.length === 0 || names.includes(sandbox) || !names.some(isSandbox);
    });
  }

  clear(): void {
    this.#kept = [];
    this.#evicted = 0;
  }
}

/** Returns the sandboxes that the keys in a request's headers name, also keys that their vendor refused. */
function sandboxesNamedIn({ requestHeaders }: JournalEntry): string[] {
  return ["authorization", "x-api-key", "x-fauxgen-sandbox"].flatMap((header) => {
    const sent = String(requestHeaders[header] ?? "");
    if (header === "x-fauxgen-sandbox") return sent === "" ? [] : [sent];
    return [...sent.matchAll(/fx_([a-z0-9-]{1,40})(?![a-z0-9-])/g)].flatMap(([, name]) => name ?? []);
  });
}
