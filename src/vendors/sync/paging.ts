/**
 * Cuts a sorted list into pages. The cursor is opaque [doc]: it holds the sort value and the id of a page's last item,
 * so that the next page is right even if that item has been deleted.
 */
import { z } from "zod";
import { badRequest } from "./errors.ts";

/** The place of an item in a sorted list: its sort value, then its id. */
type Place = readonly [value: string | number, id: string];

export interface Order<Item> {
  readonly valueOf: (item: Item) => string | number;
  readonly direction: "ascending" | "descending";
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Absent on the last page [inferred: the type is optional, nothing says null]. */
  readonly nextCursor?: string;
}

const place = z.tuple([z.union([z.string(), z.number()]), z.string()]);

/** Sorts the items and returns the page after the cursor. Throws 400 [inferred] for an invalid cursor. */
export function cutPage<Item extends { readonly id: string }>(
  items: readonly Item[],
  order: Order<Item>,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Page<Item> {
  const sign = order.direction === "ascending" ? 1 : -1;
  const placeOf = (item: Item): Place => [order.valueOf(item), item.id];
  const sorted = [...items].sort((left, right) => sign * compare(placeOf(left), placeOf(right)));
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const start = after === undefined ? 0 : sorted.findIndex((item) => sign * compare(placeOf(item), after) > 0);
  const page = start === -1 ? [] : sorted.slice(start, start + limit);
  const last = page.at(-1);
  const isLast = start === -1 || start + limit >= sorted.length;
  return { items: page, ...(last !== undefined && !isLast && { nextCursor: writeCursor(placeOf(last)) }) };
}

function compare([left, leftId]: Place, [right, rightId]: Place): number {
  if (left !== right) return left < right ? -1 : 1;
  return leftId === rightId ? 0 : leftId < rightId ? -1 : 1;
}

function writeCursor(last: Place): string {
  return Buffer.from(JSON.stringify(last)).toString("base64url");
}

function readCursor(cursor: string): Place {
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch {
    throw badRequest("cursor is not valid");
  }
}
