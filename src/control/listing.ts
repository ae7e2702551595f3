/**
 * What every list of control has in common: filters, pages, and waiting until there are enough.
 *
 * `?count=N` asks for at least N that match, `&within=5s` waits that long (of real time) for them; fewer are a 422
 * `not-reached` that says how many there were. Without `within` it is looked at once.
 */
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { duration } from "../engine/durations.ts";
import type { Sandbox } from "../engine/sandbox.ts";
import { problem } from "../http/problems.ts";
import { queryInteger } from "../http/query-codecs.ts";
import { waitUntil } from "./waiting.ts";

const LONGEST_WITHIN_MS = 10 * 60_000;

/** A duration of real time that a call waits at most. */
export const within = duration
  .refine((milliseconds) => milliseconds <= LONGEST_WITHIN_MS, "at most 10m")
  .meta({ description: "How long to wait at most, in real time; without it, looked at once", example: "5s" });

/** The query of a list. */
export const listQuery = z.strictObject({
  count: queryInteger({ min: 0 }).optional().meta({ description: "Wait until at least this many match" }),
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

/** Something that can be listed, oldest first, with a number that grows from item to item. */
export interface Listed<Item> {
  readonly all: readonly Item[];
  readonly orderOf: (item: Item) => number;
}

/**
 * One page of what `look` finds, once there are `count` of them. `look` is called again whenever something happens in
 * the sandbox, so it must be cheap. Throws `not-reached`.
 */
export async function answerList<Item, Shown>(
  sandbox: Sandbox,
  reply: FastifyReply,
  query: Pick<ListQuery, "count" | "within" | "limit" | "cursor">,
  what: string,
  look: () => Listed<Item>,
  show: (item: Item) => Shown,
): Promise<Listing<Shown>> {
  const wanted = query.count ?? 0;
  const found = await waitUntil(sandbox, reply, query.within ?? 0, look, ({ all }) => all.length >= wanted);
  if (found.all.length < wanted) {
    const waited = query.within === undefined ? "" : ` within ${query.within} ms`;
    throw problem("not-reached", `${wanted} ${what} were asked for and ${found.all.length} found${waited}.`, {
      wanted,
      found: found.all.length,
      items: found.all.slice(0, 10).map(show),
    });
  }
  const { items, nextCursor, total } = pageOf(found, query);
  return { items: items.map(show), nextCursor, total };
}

/** The page that a query asks for. */
export function pageOf<Item>(
  { all, orderOf }: Listed<Item>,
  { limit = 100, cursor }: Pick<ListQuery, "limit" | "cursor">,
): Listing<Item> {
  const after = cursor === undefined ? Number.NEGATIVE_INFINITY : Number(cursor);
  if (Number.isNaN(after)) throw problem("bad-request", `cursor: "${cursor}" is not one that a list answered.`);
  const rest = cursor === undefined ? all : all.filter((item) => orderOf(item) > after);
  const items = rest.slice(0, limit);
  const last = items[items.length - 1];
  return {
    items,
    nextCursor: rest.length > items.length && last !== undefined ? String(orderOf(last)) : null,
    total: all.length,
  };
}
