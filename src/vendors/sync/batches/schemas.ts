/**
 * Defines the request and response bodies of the batch routes [sdk: BatchResponse.d.ts], with the vendor's mixed
 * casing.
 */
import { z } from "zod";
import { queryList } from "../../../http/parsing/query-codecs.ts";
import { generateBody } from "../generations/schemas.ts";
import { isoTime, queryInstant } from "../schemas.ts";

/** Minimum and maximum records of a batch [doc: batch-api/create; older pages name other numbers]. */
const LEAST_RECORDS = 20;
const MOST_RECORDS = 500;

const batchStatuses = ["PENDING", "JOBS_CREATED", "PROCESSING", "COMPLETED", "FAILED"] as const;

const text = z.string("must be a string");

const record = z.looseObject({
  request_id: text.min(1, "should not be empty").meta({ description: "Unique in the batch" }),
  endpoint: z.literal("/v2/generate", "must be /v2/generate"),
  payload: generateBody,
});

export type BatchRecord = z.output<typeof record>;

/** The JSON body of a batch [doc: create-from-rows]; a form with a JSONL file is converted to it. */
export const createBatchBody = z.looseObject({
  rows: z
    .array(record, "must be an array")
    .min(LEAST_RECORDS, `must contain at least ${LEAST_RECORDS} elements`)
    .max(MOST_RECORDS, `must contain no more than ${MOST_RECORDS} elements`),
  webhook_url: z.url({ protocol: /^https?$/, error: "must be a URL address" }).nullish(),
  dry_run: z.boolean("must be a boolean value").nullish().meta({ description: "Check the records and create nothing" }),
});

export const batch = z.strictObject({
  id: z.string(),
  created_at: isoTime,
  status: z.enum(batchStatuses),
  metrics: z.strictObject({
    total_generations: z.int(),
    success_count: z.int(),
    failed_count: z.int(),
    pending_count: z.int(),
  }),
  webhookUrl: z.string().meta({ format: "uri" }).nullable(),
  outputUrl: z.string().meta({ description: "Empty until the batch has ended" }),
});

export type BatchView = z.output<typeof batch>;

export const validated = z.strictObject({ status: z.literal("VALIDATED") });

export const batchListQuery = z.object({
  status: queryList
    .pipe(z.array(z.enum(batchStatuses, `must be one of the following values: ${batchStatuses.join(", ")}`)))
    .optional(),
  created_after: queryInstant.optional(),
  created_before: queryInstant.optional(),
});
