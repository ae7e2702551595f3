/** Defines the envelope of every response: `{data, err}`, with `pagination` on paged responses [doc]. */
import { z } from "zod";

// On success `err` is an empty object in every example [doc], neither null nor absent.
const noError = z.strictObject({});

const pagination = z.strictObject({ page: z.int(), page_size: z.int(), total: z.int() });

export const successOf = <Data extends z.ZodType>(data: Data) => z.strictObject({ data, err: noError });

export const pageOf = <Data extends z.ZodType>(data: Data) => z.strictObject({ data, err: noError, pagination });

export const errorBody = z.strictObject({
  data: z.null().optional(),
  err: z.strictObject({ code: z.string(), message: z.string() }),
});

/** The requested page of a list; pages count from 1. */
export interface Page {
  readonly page: number;
  readonly page_size: number;
}

export function formatSuccess<Data>(data: Data): { data: Data; err: Record<string, never> } {
  return { data, err: {} };
}

export function formatPage<Data>(data: Data, { page, page_size }: Page, total: number) {
  return { data, err: {}, pagination: { page, page_size, total } };
}

/** Returns the items of one page; a page after the last is empty [inferred]. */
export function sliceOf<Item>(items: readonly Item[], { page, page_size }: Page): Item[] {
  return items.slice((page - 1) * page_size, page * page_size);
}
