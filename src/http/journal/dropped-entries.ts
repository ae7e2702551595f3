/**
 * Remembers a few facts of the entries that a journal dropped, so that a verification can tell whether one of them
 * could have matched. Entries with the same facts are counted together, so that the memory is bounded.
 */

/** What is known of dropped entries. */
export interface DroppedFacts {
  readonly vendor: string | undefined;
  readonly operation: string | undefined;
  readonly method: string;
  readonly account: string | undefined;
  readonly status: number | undefined;
  readonly state: string;
  /** Undefined for a path with an id, of which there may be any number. */
  readonly path: string | undefined;
}

export interface DroppedGroup {
  readonly count: number;
  /** Undefined for entries of which nothing is known. */
  readonly facts: DroppedFacts | undefined;
}

/** The most groups of entries; entries beyond are counted as unknown. */
const MOST_GROUPS = 500;

export class DroppedEntries {
  readonly #groups = new Map<string, { count: number; readonly facts: DroppedFacts }>();
  #unknown = 0;
  #count = 0;

  /** How many entries were dropped. */
  get count(): number {
    return this.#count;
  }

  add({ vendor, operation, method, account, status, state, path }: DroppedFacts & { readonly path: string }): void {
    this.#count += 1;
    const facts = { vendor, operation, method, account, status, state, path: hasId(path) ? undefined : path };
    const key = JSON.stringify(Object.values(facts));
    const group = this.#groups.get(key);
    if (group !== undefined) group.count += 1;
    else if (this.#groups.size < MOST_GROUPS) this.#groups.set(key, { count: 1, facts });
    else this.#unknown += 1;
  }

  /** Counts entries of which nothing is known, such as those that a saved journal had dropped. */
  addUnknown(count: number): void {
    this.#unknown += count;
    this.#count += count;
  }

  groups(): readonly DroppedGroup[] {
    const known = [...this.#groups.values()];
    return this.#unknown === 0 ? known : [...known, { count: this.#unknown, facts: undefined }];
  }

  clear(): void {
    this.#groups.clear();
    this.#unknown = 0;
    this.#count = 0;
  }
}

/** Returns whether a segment of a path looks like an id or a file; such paths are too many to be remembered. */
function hasId(path: string): boolean {
  return path.length > 200 || path.split("/").some((segment) => /\d{3,}|^[0-9a-f-]{16,}$|[._]/i.test(segment));
}
