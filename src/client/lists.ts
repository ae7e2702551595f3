/** Reads the lists of the control API, page by page or by waiting for items. */
import type { Duration } from "../engine/base/durations.ts";
import { createWallClock } from "../engine/base/clock.ts";
import { parseDuration } from "../engine/base/durations.ts";
import { FauxgenError, type ControlClient, type Query } from "./control-client.ts";

/** One page of a list. */
export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
  /** The number of matching items on all pages. */
  readonly total: number;
}

/** The real time to wait for items. */
export interface Within {
  readonly within?: Duration;
}

/** The default wait: long enough for the next step of an app under test, short enough for a failing test. */
const DEFAULT_WITHIN = "5s";

export class ListReader<Item> {
  readonly #control: ControlClient;
  readonly #path: string;
  readonly #idOf: (item: Item) => string | number;
  /** The ids of the items that {@link next} has returned. */
  readonly #taken = new Set<string | number>();

  constructor(control: ControlClient, path: string, idOf: (item: Item) => string | number) {
    this.#control = control;
    this.#path = path;
    this.#idOf = idOf;
  }

  async page(query: Query): Promise<Page<Item>> {
    return this.#control.call("GET", this.#path, { query });
  }

  /** Returns all matching items, oldest first. */
  async all(query: Query): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await this.page({ ...query, limit: 1000, cursor });
      items.push(...page.items);
      if (page.nextCursor === null) return items;
      cursor = page.nextCursor;
    }
  }

  /** Waits until at least `count` items match, and returns them. Throws `not-reached`. */
  async atLeast(count: number, query: Query, within: Duration = DEFAULT_WITHIN): Promise<Item[]> {
    await this.page({ ...query, count, within: typeof within === "number" ? `${within}ms` : within, limit: 1 });
    return this.all(query);
  }

  /** Returns the oldest matching item that no earlier call returned, and waits for it. Throws `not-reached`. */
  async next(query: Query, within: Duration = DEFAULT_WITHIN): Promise<Item> {
    const wall = createWallClock();
    const until = wall.now() + (typeof within === "number" ? within : (parseDuration(within) ?? Number.NaN));
    for (let items = await this.all(query); ;) {
      const item = items.find((candidate) => !this.#taken.has(this.#idOf(candidate)));
      if (item !== undefined) {
        this.#taken.add(this.#idOf(item));
        return item;
      }
      const remaining = until - wall.now();
      if (Number.isNaN(remaining)) throw new FauxgenError(`within: "${within}" is not a duration; write 5s or 1500ms.`);
      items = await this.#awaitMore(items.length, query, Math.max(0, remaining), within);
    }
  }

  /** Waits for one more item. Its error names the caller's filters and wait, not the remaining wait. */
  async #awaitMore(seen: number, query: Query, remaining: number, within: Duration): Promise<Item[]> {
    try {
      return await this.atLeast(seen + 1, query, remaining);
    } catch (error) {
      if (!(error instanceof FauxgenError && error.code === "not-reached")) throw error;
      const { status = 422, problem } = error;
      const sought = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : `${name} ${value}`));
      const [, kind = this.#path] = /\/([^/]+)$/.exec(this.#path) ?? [];
      const seenBefore = seen === 0 ? "" : ` (${seen} matched before)`;
      throw new FauxgenError(
        `No new ${kind === "generations" ? "generation" : kind === "requests" ? "request" : "delivery"}${sought.length > 0 ? ` with ${sought.join(", ")}` : ""} came within ${typeof within === "number" ? `${within} ms` : within}${seenBefore}.`,
        { status, problem },
      );
    }
  }

  /** Forgets the returned items, after a reset. */
  forget(): void {
    this.#taken.clear();
  }
}
