/** Defines the queries and responses of the history [doc: list-past-generations, get-generation-details]. */
import { z } from "zod";
import { queryInteger } from "../../../http/parsing/query-codecs.ts";
import { dollars, filters, historyRow } from "../generations/schemas.ts";

/** Query of the history: the filters with pages [doc], and the user filter of 0.257.7 [doc]. */
export const historyQuery = filters.extend({
  user_id: z.string().optional(),
  page: queryInteger({ min: 1 }).default(1).meta({ description: "Default: 1" }),
  page_size: queryInteger({ min: 1, max: 1000 }).default(50).meta({ description: "Default: 50" }),
});

/** Query of the filter values, which does not accept the other filters [doc]. */
export const filterValuesQuery = z.object({
  namespace: z.string().optional().meta({ description: "Default: the caller" }),
  user_id: z.string().optional(),
  columns: z.string().optional().meta({
    description: "Some of repo, folder, model, media_type, status, user_id, separated by commas; all by default",
  }),
});

const values = z.array(z.string()).optional();

export const filterValues = z.strictObject({
  repo: values,
  folder: values,
  model: values,
  media_type: values,
  status: values,
  user_id: values,
});

export const historyPage = z.strictObject({
  count: z.int(),
  generations: z.array(historyRow),
  page_number: z.int(),
  page_size: z.int(),
  total_pages: z.int(),
  total_entries: z.int(),
  total_cost: dollars,
});

export const historyDetail = z.strictObject({
  status: z.literal("success"),
  status_message: z.literal("resource_found"),
  generation: historyRow,
});
