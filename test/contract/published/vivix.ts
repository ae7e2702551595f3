/** Lists the responses that vivix publishes, written down apart from the emulator's code. */
import type { Answer, PublishedResponse } from "./response.ts";
import { describeRoutes } from "./response.ts";
import type { Field, Shape } from "./shape.ts";
import {
  anyOf,
  array,
  boolean,
  integerFrom,
  isoSeconds,
  literal,
  matching,
  number,
  object,
  oneOf,
  optional,
  record,
  someText,
  text,
  url,
  uuid,
} from "./shape.ts";

const route = describeRoutes("vivix");

/** Headers of every successful answer. The balance may have a thousands comma, as in the sample. */
const successHeaders = {
  "x-request-id": /^req_[A-Za-z0-9_-]+$/,
  "x-ratelimit-remaining": /^\d+$/,
  "x-credits-balance": /^(?:\d+|\d{1,3}(?:,\d{3})+)$/,
} as const;

const succeed = (status: number, body: Shape, source: Answer["source"], state?: string): Answer => ({
  status,
  body,
  headers: successHeaders,
  source,
  ...(state === undefined ? {} : { state }),
});

/** A flat body, with context keys only for the codes that name them, before the request id. */
const failure = (
  status: number,
  code: string,
  source: Answer["source"],
  context: Readonly<Record<string, Field>> = {},
): Answer => ({
  status,
  state: code,
  body: object(
    {
      error: literal(code),
      message: someText,
      next: someText,
      ...context,
      request_id: matching(/^req_[A-Za-z0-9_-]+$/, "a request id"),
    },
    { order: true },
  ),
  source,
});

const keyed: readonly Answer[] = [
  failure(401, "UNAUTHORIZED", "doc"),
  failure(401, "KEY_INVALID", "seed"),
  failure(401, "KEY_REVOKED", "doc"),
  failure(403, "TIER_LOCKED", "doc"),
  // The archived copy has lost the cell of the code, but has the header.
  { ...failure(429, "RATE_LIMITED", "inferred"), headers: { "retry-after": /^\d+$/ } },
  failure(500, "INTERNAL_ERROR", "doc"),
  failure(503, "PROVIDER_DOWN", "doc"),
];

const credits = integerFrom(0);
const slug = someText;

/** The seed's sample shows processing; its introduction says that it also covers the queue. */
const inProgress = (status: string): Shape =>
  object(
    {
      generation_id: uuid,
      status: literal(status),
      model: slug,
      credits_estimate: credits,
      elapsed_ms: integerFrom(0),
      created_at: isoSeconds,
    },
    { order: true },
  );

const lastSegmentOf = (address: unknown): string =>
  typeof address === "string" ? (address.split("?")[0]?.split("/").at(-1) ?? "") : "";

const inOrder = (...times: readonly unknown[]): boolean => times.join() === times.map(String).sort().join();

const completed = object(
  {
    generation_id: uuid,
    status: literal("completed"),
    model: slug,
    output_url: url,
    output_urls: array(url, { min: 1, max: 4 }),
    credits_used: credits,
    duration_ms: integerFrom(0),
    created_at: isoSeconds,
    completed_at: isoSeconds,
  },
  {
    order: true,
    rules: [
      {
        says: "output_url to be the first of output_urls",
        holds: ({ output_url, output_urls }) => Array.isArray(output_urls) && output_urls[0] === output_url,
      },
      {
        says: "files that are named after the generation",
        holds: ({ generation_id, output_urls }) =>
          Array.isArray(output_urls) &&
          output_urls.every((each) => lastSegmentOf(each).startsWith(String(generation_id))),
      },
      {
        says: "completed_at not before created_at",
        holds: ({ created_at, completed_at }) => inOrder(created_at, completed_at),
      },
    ],
  },
);

/** No model and no duration_ms: the seed's sample has neither. */
const failed = object(
  {
    generation_id: uuid,
    status: literal("failed"),
    error: matching(/^[A-Z][A-Z_]*$/, "a code in capitals"),
    message: someText,
    credits_used: literal(0),
    created_at: isoSeconds,
    completed_at: isoSeconds,
  },
  {
    order: true,
    rules: [
      {
        says: "completed_at not before created_at",
        holds: ({ created_at, completed_at }) => inOrder(created_at, completed_at),
      },
    ],
  },
);

const tier = oneOf("pro", "ultimate");
const rateLimit = object({ calls_per_minute: integerFrom(1), concurrent_jobs: integerFrom(1) }, { order: true });

/** A parameter omits the fields that do not apply to it. */
const parameter = object({
  type: oneOf("string", "integer", "enum", "boolean"),
  required: optional(boolean),
  max_length: optional(integerFrom(1)),
  values: optional(array(text, { min: 1 })),
  min: optional(number),
  max: optional(number),
  default: optional(anyOf(text, number, boolean)),
});

const model = object(
  {
    slug,
    name: someText,
    category: oneOf("image", "video", "audio"),
    creator: someText,
    description: someText,
    params: record(parameter),
    credits_band: object({ min: credits, max: credits }, { order: true }),
    // The printed examples have two more keys for an image and one for a video.
    example_request: anyOf(
      object(
        { model: slug, prompt: someText, aspect_ratio: literal("16:9"), resolution: literal("4K") },
        { order: true },
      ),
      object({ model: slug, prompt: someText, duration: literal(5) }, { order: true }),
    ),
  },
  { order: true },
);

export const vivixResponses: readonly PublishedResponse[] = [
  ...route("createGeneration", "POST /api/v1/generate", [
    succeed(
      201,
      object(
        {
          generation_id: uuid,
          status: literal("pending"),
          model: slug,
          credits_estimate: credits,
          created_at: isoSeconds,
        },
        { order: true },
      ),
      "doc",
      "pending",
    ),
    // The page is cut before the section on validation.
    failure(400, "INVALID_PARAMS", "inferred", { param: optional(someText) }),
    failure(402, "INSUFFICIENT_CREDITS", "doc", { balance: credits, needed: credits }),
    failure(403, "MODEL_NOT_ALLOWED", "doc", { model: someText }),
    failure(413, "INVALID_PARAMS", "inferred", { param: optional(someText) }),
    failure(429, "CONCURRENCY_LIMIT", "doc"),
    ...keyed,
  ]),
  ...route("getGeneration", "GET /api/v1/generations/{id}", [
    succeed(200, inProgress("pending"), "inferred", "pending"),
    succeed(200, inProgress("processing"), "seed", "processing"),
    succeed(200, completed, "seed", "completed"),
    succeed(200, failed, "seed", "failed"),
    failure(403, "NOT_YOURS", "seed"),
    failure(404, "NOT_FOUND", "seed"),
    ...keyed,
  ]),
  ...route("listModels", "GET /api/v1/models", [
    succeed(
      200,
      object({ tier, credits_balance: credits, rate_limit: rateLimit, models: array(model) }, { order: true }),
      "doc",
    ),
    ...keyed,
  ]),
  ...route("getCredits", "GET /api/v1/credits", [
    succeed(
      200,
      object(
        {
          balance: credits,
          tier,
          cycle_resets_at: isoSeconds,
          rate_limit: rateLimit,
          spent_this_cycle: credits,
          granted_this_cycle: credits,
        },
        { order: true },
      ),
      "doc",
    ),
    ...keyed,
  ]),
  // R2 serves it without a key.
  ...route("downloadOutput", "GET {output_url}", [
    { status: 200, body: "bytes", headers: { "content-type": /^(?:image|video|audio)\// }, source: "seed" },
  ]),
  ...route("unknownRoute", "* {unknown}", [failure(404, "NOT_FOUND", "inferred")]),
];
