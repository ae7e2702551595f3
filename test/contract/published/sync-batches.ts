/** Lists the published responses of sync's batches. */
import type { Answer, PublishedResponse } from "./response.ts";
import { describeRoutes } from "./response.ts";
import type { Shape } from "./shape.ts";
import {
  anyOf,
  array,
  integerFrom,
  isoMillis,
  literal,
  matching,
  nullable,
  number,
  object,
  optional,
  text,
  url,
  variants,
} from "./shape.ts";
import { anyCode, badRequest, batchConcurrencyLimit, codedError, keyed, plainError, refusal } from "./sync-errors.ts";

const route = describeRoutes("sync");

const estimate = { estimatedFrameCount: integerFrom(0), estimatedGenerationCost: number } as const;
const noAmounts = { estimatedGenerationCost: literal(null), estimatedCredits: literal(null) } as const;
const costEstimate: readonly Answer[] = [
  {
    status: 200,
    state: "breakdown",
    body: object({
      ...estimate,
      estimatedCredits: nullable(number),
      breakdown: object({
        lipsync: object({ estimatedGenerationCost: number, estimatedCredits: nullable(number) }),
        dubbing: object({ billing: literal("external"), ...noAmounts }),
        excludesExternalCharges: literal(true),
      }),
    }),
    source: "client",
    note: "the answer in the tests of the vendor's tool server to the workflow translate-and-dub",
  },
  {
    status: 200,
    body: object({ ...estimate, estimatedCredits: nullable(number) }, { order: true }),
    source: "doc",
    note: "estimatedCredits is null for organisations that are billed in dollars",
  },
  badRequest(),
  refusal(422, "cost_estimate_unavailable"),
  ...keyed,
];

const batch = (status: string, outputUrl: Shape): Shape =>
  object(
    {
      id: matching(/^batch_[A-Za-z0-9]+$/, "a batch id"),
      created_at: isoMillis,
      status: literal(status),
      metrics: object(
        {
          total_generations: integerFrom(0),
          success_count: integerFrom(0),
          failed_count: integerFrom(0),
          pending_count: integerFrom(0),
        },
        { order: true },
      ),
      // The type says optional; the examples show null.
      webhookUrl: nullable(url),
      outputUrl,
    },
    { order: true },
  );

// Required by its type, so empty text stands for "not yet".
const noOutputYet = literal("");
const batches = {
  PENDING: batch("PENDING", noOutputYet),
  JOBS_CREATED: batch("JOBS_CREATED", noOutputYet),
  PROCESSING: batch("PROCESSING", noOutputYet),
  COMPLETED: batch(
    "COMPLETED",
    matching(/^https?:\/\/.+\/v2\/batches\/batch_[A-Za-z0-9]+\/result(?:\?[^ ]*)?$/, "the result URL of a batch"),
  ),
  // No page says whether a failed batch has a result file.
  FAILED: batch("FAILED", text),
} as const;

const batchByState = (status: number, source: Answer["source"]): readonly Answer[] =>
  Object.entries(batches).map(([state, body]) => ({ status, state, body, source }));

const batchRefused = { lineNumber: optional(integerFrom(1)) };
/** The catalogue has no code for batches. */
const batchNotFound: Answer = { status: 404, body: plainError(404), source: "inferred" };

export const syncBatchResponses: readonly PublishedResponse[] = [
  ...route("analyzeCost", "POST /v2/analyze/cost", [
    {
      status: 200,
      body: anyOf(
        array(object(estimate, { order: true }), { min: 1 }),
        object({ ...estimate, estimatedCredits: nullable(number) }, { order: true }),
      ),
      source: "sdk",
      note: "the SDKs read the array; the vendor's tool server of October 2026 reads the object",
    },
    badRequest(),
    ...keyed,
  ]),
  ...route("estimateCost", "POST /v2/generations/estimate", costEstimate),
  ...route("estimateCost", "POST /v2/generate/estimate-cost", costEstimate),
  ...route("createBatch", "POST /v2/batch", [
    { status: 201, state: "PENDING", body: batches.PENDING, source: "inferred", note: "the status is not stated" },
    {
      status: 201,
      state: "VALIDATED",
      body: object({ status: literal("VALIDATED") }),
      source: "inferred",
      note: "the whole answer to dry_run=true; the HTTP status is not stated",
    },
    badRequest(batchRefused),
    { status: 402, body: codedError(402), source: "sdk", note: "Scale and Enterprise only; the code is not stated" },
    refusal(413, "generation_input_validation_failed", "inferred"),
    { status: 422, body: codedError(422, anyCode, batchRefused), source: "inferred" },
    batchConcurrencyLimit,
    ...keyed,
  ]),
  ...route("listBatches", "GET /v2/batch", [
    { status: 200, body: array(variants("status", batches)), source: "sdk", note: "a bare array, newest first" },
    badRequest(),
    ...keyed,
  ]),
  ...route("getBatch", "GET /v2/batch/{id}", [...batchByState(200, "doc"), batchNotFound, ...keyed]),
  ...route("getBatchResult", "GET /v2/batches/{id}/result", [
    { status: 302, body: "empty", headers: { location: /^https?:\/\/.+/ }, source: "doc" },
    badRequest(),
    batchNotFound,
  ]),
];
