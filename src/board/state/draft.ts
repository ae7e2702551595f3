/** Builds the next state: a collection is copied before its first change, so that the state before stays as it was. */
import { positionOf } from "./find.ts";
import {
  emptyState,
  type BoardState,
  type DeliveryRow,
  type GenerationRow,
  type RequestRow,
  type WaiterRow,
} from "./model.ts";

/** The most requests that the board keeps; above it, the oldest tenth is dropped. */
const MOST_REQUESTS = 60_000;

class DraftMap<Key, Value> {
  #map: ReadonlyMap<Key, Value>;
  #copy: Map<Key, Value> | undefined;

  constructor(map: ReadonlyMap<Key, Value>) {
    this.#map = map;
  }

  get current(): ReadonlyMap<Key, Value> {
    return this.#copy ?? this.#map;
  }

  get changing(): Map<Key, Value> {
    return (this.#copy ??= new Map(this.#map));
  }

  empty(): void {
    this.#map = new Map();
    this.#copy = undefined;
  }
}

/** Lists by a key, each copied before its first change. */
class DraftLists<Key, Item extends string | number> {
  readonly #lists: DraftMap<Key, readonly Item[]>;
  readonly #own = new Map<Key, Item[]>();

  constructor(lists: ReadonlyMap<Key, readonly Item[]>) {
    this.#lists = new DraftMap(lists);
  }

  get current(): ReadonlyMap<Key, readonly Item[]> {
    return this.#lists.current;
  }

  /** Adds an item in order, unless it is there already. */
  add(key: Key, item: Item): void {
    const before = this.#lists.current.get(key) ?? [];
    const last = before[before.length - 1];
    const isLast = last === undefined || last < item;
    if (!isLast && before.includes(item)) return;
    let own = this.#own.get(key);
    if (own === undefined) {
      own = [...before];
      this.#own.set(key, own);
      this.#lists.changing.set(key, own);
    }
    own.push(item);
    if (!isLast) own.sort((a, b) => (a < b ? -1 : 1));
  }

  /** Forgets the items below this one, and the lists that have no others. */
  dropBelow(least: Item): void {
    for (const [key, list] of [...this.#lists.current]) {
      const first = list[0];
      if (first === undefined || first >= least) continue;
      const kept = list.filter((item) => item >= least);
      this.#own.delete(key);
      if (kept.length === 0) this.#lists.changing.delete(key);
      else this.#lists.changing.set(key, kept);
    }
  }

  empty(): void {
    this.#lists.empty();
    this.#own.clear();
  }
}

export class Draft {
  readonly #before: BoardState;
  readonly generations: DraftMap<string, GenerationRow>;
  readonly waiters: DraftMap<number, WaiterRow>;
  readonly #deliveries: DraftMap<string, DeliveryRow>;
  readonly #requestsOf: DraftLists<string, number>;
  readonly #deliveriesOf: DraftLists<string, string>;
  #requests: RequestRow[] | undefined;
  #isEmptied = false;
  clock: BoardState["clock"];
  versions: BoardState["versions"];
  resets: number;

  constructor(before: BoardState) {
    this.#before = before;
    this.generations = new DraftMap(before.generations);
    this.waiters = new DraftMap(before.waiters);
    this.#deliveries = new DraftMap(before.deliveries);
    this.#requestsOf = new DraftLists(before.requestsOf);
    this.#deliveriesOf = new DraftLists(before.deliveriesOf);
    this.clock = before.clock;
    this.versions = before.versions;
    this.resets = before.resets;
  }

  finish(): BoardState {
    const { clock, versions, resets } = this;
    let requests = this.#requests ?? (this.#isEmptied ? emptyState.requests : this.#before.requests);
    if (requests.length > MOST_REQUESTS) {
      requests = requests.slice(requests.length - Math.floor(MOST_REQUESTS * 0.9));
      this.#requestsOf.dropBelow(requests[0]?.id ?? 0);
    }
    return {
      clock,
      versions,
      resets,
      requests,
      generations: this.generations.current,
      waiters: this.waiters.current,
      deliveries: this.#deliveries.current,
      requestsOf: this.#requestsOf.current,
      deliveriesOf: this.#deliveriesOf.current,
    };
  }

  /** Forgets everything, as after a reset. */
  empty(): void {
    this.#isEmptied = true;
    this.#requests = undefined;
    for (const part of [this.generations, this.waiters, this.#deliveries, this.#requestsOf, this.#deliveriesOf])
      part.empty();
    this.raise("rules", "unassigned");
    this.resets += 1;
  }

  raise(...names: (keyof BoardState["versions"])[]): void {
    for (const name of names) this.versions = { ...this.versions, [name]: this.versions[name] + 1 };
  }

  findDelivery(id: string): DeliveryRow | undefined {
    return this.#deliveries.current.get(id);
  }

  putDelivery(row: DeliveryRow): void {
    this.#deliveries.changing.set(row.id, row);
    this.#deliveriesOf.add(row.subject, row.id);
  }

  /** Adds rows; a row that is known already is replaced, unless it was answered and the new one was not. */
  putRequests(rows: readonly RequestRow[]): void {
    const requests = (this.#requests ??= [...(this.#isEmptied ? [] : this.#before.requests)]);
    const added: RequestRow[] = [];
    for (const row of rows) {
      for (const generation of row.generations) this.#requestsOf.add(generation, row.id);
      const position = positionOf(requests, row.id);
      const known = requests[position];
      if (known === undefined) added.push(row);
      else if (known.answeredAt === null || row.answeredAt !== null) requests[position] = row;
    }
    if (added.length === 0) return;
    added.sort((a, b) => a.id - b.id);
    const isNewer = (requests[requests.length - 1]?.id ?? 0) < (added[0]?.id ?? 0);
    for (const row of added) requests.push(row);
    if (!isNewer) requests.sort((a, b) => a.id - b.id);
  }
}
