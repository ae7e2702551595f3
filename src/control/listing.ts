/**
 * Implements the lists of control: filters, pages, and waiting until enough items match.
 *
 * `?count=N` asks for at least N matching items, and `&within=5s` waits that long (in real time) for them; with fewer
 * items the answer is a 422 `not-reached` with their number. Without `within` the call does not wait; `within` alone
 * waits for a single item.
 */
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { duration } from "../engine/base/time-codecs.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import { problem } from "../http/errors/problems.ts";
import { lazyList } from "../http/server/lazy-list.ts";
import { queryInteger } from "../http/parsing/query-codecs.ts";
import { waitUntil } from "./waiting.ts";

const LONGEST_WITHIN_MS = 10 * 60_000;

/** The longest time that a call waits, in real time. */
export const within = duration
  .refine((milliseconds) => milliseconds <= LONGEST_WITHIN_MS, "at most 10m")
  .meta({ description: "Maximum real time to wait; without it, the answer comes at once", example: "5s" });

/** The query of a list. */
export const listQuery = z.strictObject({
  count: queryInteger({ min: 0 })
    .optional()
    .meta({ description: "Wait until at least this many items match; 1 if only `within` is given" }),
  within: within.optional(),
  limit: queryInteger({ min: 1, max: 1000 })
    .optional()
    .meta({ description: "Maximum items of a page; 100 by default" }),
  cursor: z.string().optional().meta({ description: "`nextCursor` of the previous page" }),
  vendor: z.string().optional(),
  label: z.string().optional(),
  account: z.string().optional(),
});

export type ListQuery = z.output<typeof listQuery>;

/** Returns the schema of a list's answer. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: "`cursor` of the next page; null on the last page" }),
    total: z.int().meta({ description: "Number of matching items on all pages" }),
  });
}

export interface Listing<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** A call to a list route. */
export interface ListCall {
  readonly sandbox: Sandbox;
  readonly reply: FastifyReply;
  readonly query: Pick<ListQuery, "count" | "within" | "limit" | "cursor">;
}

/** The source of a list, oldest item first. */
export interface Listable<Shown> {
  /** Returns the number of matching items. Must be cheap, because it runs again after every event. */
  readonly count: () => number;
  /** The filter in words, for the error of a wait that found too few; absent if the list has no filter. */
  readonly wanted?: string | undefined;
  /** Returns lines about why too few items match. */
  readonly explain?: () => readonly string[];
  /** Returns a page of matching items, after the cursor of the previous page. */
  readonly page: (limit: number, cursor: string | undefined) => { items: Shown[]; nextCursor: string | null };
}

/** Returns a page of the list once `count` items match. Throws `not-reached`; `what` is the items' name, in plural. */
export async function answerList<Shown>(
  { sandbox, reply, query }: ListCall,
  what: string,
  list: Listable<Shown>,
): Promise<Listing<Shown>> {
  const wanted = query.count ?? (query.within === undefined ? 0 : 1);
  const total = await waitUntil(
    { sandbox, reply, withinMs: query.within ?? 0 },
    list.count,
    (found) => found >= wanted,
  );
  if (total < wanted) {
    const waited = query.within === undefined ? "" : ` within ${query.within} ms`;
    const more = list.explain?.() ?? [];
    const like = list.wanted === undefined ? "" : ` like ${list.wanted}`;
    const said = [`Expected at least ${countOf(wanted, what)}${like}; found ${total}${waited}.`, ...more];
    throw problem("not-reached", said.join("\n"), {
      wanted,
      found: total,
      items: list.page(10, undefined).items,
    });
  }
  return { ...list.page(query.limit ?? 100, query.cursor), total };
}

/** Returns the count with its noun: `1 request`, `2 requests`. */
export function countOf(count: number, what: string): string {
  return `${count} ${count === 1 ? what.replace(/ies$/, "y").replace(/s$/, "") : what}`;
}

/** Makes a list of items in memory; `orderOf` returns a number that grows from item to item. */
export function listInMemory<Item, Shown>(
  look: () => readonly Item[],
  orderOf: (item: Item) => number,
  show: (item: Item) => Shown,
): Listable<Shown> {
  return {
    count: () => look().length,
    page: (limit, cursor) => {
      const after = numberOfCursor(cursor) ?? Number.NEGATIVE_INFINITY;
      const rest = look().filter((item) => orderOf(item) > after);
      const items = rest.slice(0, limit);
      const last = items[items.length - 1];
      const hasMore = last !== undefined && rest.length > items.length;
      const shown = lazyList(items.length, (index) => {
        const item = items[index];
        return item === undefined ? undefined : show(item);
      });
      return { items: shown, nextCursor: hasMore ? String(orderOf(last)) : null };
    },
  };
}

/** Returns the number in a cursor; undefined on the first page. Throws `bad-request` for an invalid cursor. */
export function numberOfCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) throw problem("bad-request", `cursor: "${cursor}" is not the nextCursor of a list.`);
  return Number(cursor);
}
