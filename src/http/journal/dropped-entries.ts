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

type DroppedEntry = DroppedFacts & { readonly path: string };

interface KnownGroup {
  count: number;
  readonly facts: DroppedFacts;
}

/** The most groups of entries; entries beyond are counted as unknown. */
const MOST_GROUPS = 500;

export class DroppedEntries {
  readonly #groups = new Map<string, KnownGroup>();
  /** The last entry and its group, because a client that polls repeats itself. */
  #last: { readonly entry: DroppedEntry; readonly group: KnownGroup } | undefined;
  #unknown = 0;
  #count = 0;

  /** How many entries were dropped. */
  get count(): number {
    return this.#count;
  }

  add(entry: DroppedEntry): void {
    this.#count += 1;
    if (this.#last !== undefined && isAlike(this.#last.entry, entry)) {
      this.#last.group.count += 1;
      return;
    }
    const { vendor, operation, method, account, status, state, path } = entry;
    const facts = { vendor, operation, method, account, status, state, path: hasId(path) ? undefined : path };
    const key = JSON.stringify(Object.values(facts));
    let group = this.#groups.get(key);
    if (group === undefined && this.#groups.size < MOST_GROUPS) this.#groups.set(key, (group = { count: 0, facts }));
    if (group === undefined) this.#unknown += 1;
    else group.count += 1;
    this.#last = group && { entry: { vendor, operation, method, account, status, state, path }, group };
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
    this.#last = undefined;
    this.#unknown = 0;
    this.#count = 0;
  }
}

function isAlike(a: DroppedEntry, b: DroppedEntry): boolean {
  return (
    a.path === b.path &&
    a.status === b.status &&
    a.state === b.state &&
    a.operation === b.operation &&
    a.account === b.account &&
    a.method === b.method &&
    a.vendor === b.vendor
  );
}

/** Returns whether a segment of a path looks like an id or a file; such paths are too many to be remembered. */
function hasId(path: string): boolean {
  return path.length > 200 || path.split("/").some((segment) => /\d{3,}|^[0-9a-f-]{16,}$|[._]/i.test(segment));
}
