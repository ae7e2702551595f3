/**
 * What every list of control has in common: filters, pages, and waiting until there are enough.
 *
 * `?count=N` asks for at least N that match, `&within=5s` waits that long (of real time) for them; fewer are a 422
 * `not-reached` that says how many there were. Without `within` it is looked at once; `within` alone waits for one.
 */
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { duration } from "../engine/base/time-codecs.ts";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import { problem } from "../http/errors/problems.ts";
import { queryInteger } from "../http/parsing/query-codecs.ts";
import { waitUntil } from "./waiting.ts";

const LONGEST_WITHIN_MS = 10 * 60_000;

/** A duration of real time that a call waits at most. */
export const within = duration
  .refine((milliseconds) => milliseconds <= LONGEST_WITHIN_MS, "at most 10m")
  .meta({ description: "How long to wait at most, in real time; without it, looked at once", example: "5s" });

/** The query of a list. */
export const listQuery = z.strictObject({
  count: queryInteger({ min: 0 })
    .optional()
    .meta({ description: "Wait until at least this many match; 1 where only `within` is given" }),
  within: within.optional(),
  limit: queryInteger({ min: 1, max: 1000 }).optional().meta({ description: "Most items in one answer; 100" }),
  cursor: z.string().optional().meta({ description: "`nextCursor` of the page before" }),
  vendor: z.string().optional(),
  label: z.string().optional(),
  account: z.string().optional(),
});

export type ListQuery = z.output<typeof listQuery>;

/** An answer of a list. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: "Where the next page begins; null on the last" }),
    total: z.int().meta({ description: "How many match, on all pages" }),
  });
}

export interface Listing<Item> {
  readonly items: Item[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** A call that asks for a list. */
export interface ListCall {
  readonly sandbox: Sandbox;
  readonly reply: FastifyReply;
  readonly query: Pick<ListQuery, "count" | "within" | "limit" | "cursor">;
}

/** Something that can be listed, oldest first. */
export interface Listable<Shown> {
  /** How many match; asked again whenever something happens, so it must be cheap. */
  readonly count: () => number;
  /** One page of what matches, after the cursor of the page before. */
  readonly page: (limit: number, cursor: string | undefined) => { items: Shown[]; nextCursor: string | null };
}

/** One page of the list, once `count` match. Throws `not-reached`; `what` names the items for a person, as several. */
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
    throw problem(
      "not-reached",
      `Expected at least ${countOf(wanted, what)}; there ${total === 1 ? "is" : "are"} ${total}${waited}.`,
      {
        wanted,
        found: total,
        items: list.page(10, undefined).items,
      },
    );
  }
  return { ...list.page(query.limit ?? 100, query.cursor), total };
}

/** `1 request`, `2 requests`. */
export function countOf(count: number, what: string): string {
  return `${count} ${count === 1 ? what.replace(/ies$/, "y").replace(/s$/, "") : what}`;
}

/** A list that is at hand as a whole; `orderOf` is a number that grows from item to item. */
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
      return { items: items.map(show), nextCursor: hasMore ? String(orderOf(last)) : null };
    },
  };
}

/** The number that a cursor stands for; undefined on the first page. Throws `bad-request` for one we did not make. */
export function numberOfCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (!/^\d{1,15}$/.test(cursor)) throw problem("bad-request", `cursor: "${cursor}" is not one that a list answered.`);
  return Number(cursor);
}
