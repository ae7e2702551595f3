/** Lists the responses that oxen publishes, written down apart from the emulator's code. */
import {
  insufficientCredits,
  invalidParams,
  invalidParamsBody,
  json,
  keyed,
  keyless,
  messageError,
  modelNotFound,
  notFound,
  typedError,
  unsupportedMediaType,
} from "./oxen-errors.ts";
import { model, modelList } from "./oxen-listing.ts";
import type { Answer, PublishedResponse } from "./response.ts";
import { describeRoutes } from "./response.ts";
import type { Field, ObjectOptions, Rule, Shape } from "./shape.ts";
import {
  anyOf,
  anything,
  array,
  integerFrom,
  literal,
  matching,
  nullable,
  object,
  oneOf,
  optional,
  someText,
  text,
  unixSeconds,
  url,
  uuid,
  variants,
} from "./shape.ts";

const route = describeRoutes("oxen");

const ok = (body: Shape, source: Answer["source"], more: Partial<Answer> = {}): Answer => ({
  status: 200,
  body,
  headers: json,
  source,
  ...more,
});

const none = literal(null);

/** The known fields of a row in each state. D-AQ: every state has these fields, null until they are known. */
interface RowState {
  readonly startedAt: Shape;
  readonly completedAt: Shape;
  readonly resultUrl: Shape;
  readonly errorMessage: Shape;
}

const unfinished = { completedAt: none, resultUrl: none, errorMessage: none } as const;

const rowStates = {
  queued: { startedAt: none, ...unfinished },
  processing: { startedAt: unixSeconds, ...unfinished },
  succeeded: {
    startedAt: unixSeconds,
    completedAt: unixSeconds,
    // The documentation truncates it after /api/repos/; clients get .../workspaces/{id}/{path} and
    // .../file/{branch}/{path}.
    resultUrl: matching(/^https?:\/\/.+\/api\/repos\/[^/]+\/[^/]+\/[^/]+\/.+$/, "the URL of a file in a repository"),
    errorMessage: none,
  },
  failed: {
    startedAt: nullable(unixSeconds),
    completedAt: unixSeconds,
    resultUrl: none,
    errorMessage: someText,
  },
  cancelled: {
    startedAt: nullable(unixSeconds),
    completedAt: unixSeconds,
    resultUrl: none,
    errorMessage: none,
  },
} as const satisfies Readonly<Record<string, RowState>>;

const rowFields = (status: string, state: RowState): Readonly<Record<string, Field>> => ({
  generation_id: uuid,
  model_name: someText,
  media_type: oneOf("image", "video"),
  status: literal(status),
  enqueued_at: unixSeconds,
  started_at: state.startedAt,
  completed_at: state.completedAt,
  result_url: state.resultUrl,
  error_message: state.errorMessage,
  // Nullable in the schema and missing in the prose's examples, so it is required and null when unset.
  target_namespace: nullable(text),
  target_repo: nullable(text),
  target_directory: nullable(text),
});

const timesInOrder: Rule = {
  says: "enqueued_at, started_at, completed_at to follow one another",
  holds: ({ enqueued_at, started_at, completed_at }) =>
    [enqueued_at, started_at, completed_at]
      .filter((each) => typeof each === "number")
      .every((each, index, times) => index === 0 || each >= (times[index - 1] ?? each)),
};

const lacks = (...keys: readonly string[]): Rule => ({
  says: `none of ${keys.join(", ")}`,
  holds: (row) => !keys.some((key) => Object.hasOwn(row, key)),
});

// Examples show model_name only, and no num_generations.
const echo = { open: true } as const satisfies ObjectOptions;
const notEchoed = lacks("model", "num_generations");

/** An open row: the request's parameters are merged into it, after the documented fields. */
const row = (status: string, state: RowState): Shape =>
  object(rowFields(status, state), {
    ...echo,
    order: true,
    rules: [timesInOrder, notEchoed, lacks("cost", "user_id", "username", "user_image")],
  });

const amount = nullable(matching(/^\d+(?:\.\d+)?$/, "a decimal number as text"));

/** The same row with the user and the cost; no page shows where its own four fields are among the others. */
const historyRow = (status: string, state: RowState): Shape =>
  object(
    {
      ...rowFields(status, state),
      cost: amount,
      user_id: nullable(uuid),
      username: nullable(text),
      user_image: nullable(text),
    },
    { ...echo, order: Object.keys(rowFields(status, state)), rules: [timesInOrder, notEchoed] },
  );

const byStatus = (describe: (status: string, state: RowState) => Shape): Readonly<Record<string, Shape>> =>
  Object.fromEntries(Object.entries(rowStates).map(([status, state]) => [status, describe(status, state)]));

const countIsLength: Rule = {
  says: "count to be the number of generations here",
  holds: ({ count, generations }) => Array.isArray(generations) && generations.length === count,
};

const enqueued = (max: number): Shape =>
  object({
    generations: array(object({ generation_id: uuid, status: literal("queued") }, { order: true }), { min: 1, max }),
  });

/** Prose and spec agree on the key set; the order is that of the prose's example. */
const media = (collection: string, more: Readonly<Record<string, Field>> = {}): readonly Answer[] =>
  (["url", "b64_json"] as const).map((format) =>
    ok(
      object(
        {
          model: someText,
          created: unixSeconds,
          [collection]: array(
            object({ [format]: format === "url" ? url : matching(/^[A-Za-z0-9+/]+={0,2}$/, "base64"), ...more }),
            { min: 1 },
          ),
        },
        { order: true },
      ),
      "doc",
      { state: format },
    ),
  );

const audios = (source: Answer["source"]): readonly Answer[] => [
  ok(object({ audios: array(object({ url }), { min: 1 }), created: unixSeconds, model: someText }), source, {
    state: "url",
  }),
  ok(
    object({
      audios: array(object({ b64_json: matching(/^[A-Za-z0-9+/]+={0,2}$/, "base64") }), { min: 1 }),
      created: unixSeconds,
      model: someText,
    }),
    "inferred",
    { state: "b64_json", note: "the request's response_format is documented, what it does here is not" },
  ),
];

/** Errors of a model, which these routes answer at once; their texts are documented, their envelope is not. */
const invalidRun: Answer = {
  status: 400,
  body: anyOf(invalidParamsBody, messageError(someText)),
  headers: json,
  source: "inferred",
};

/**
 * The answer to a foreign namespace. No page names it; it is the answer to any resource that the caller may not see.
 */
const foreignNamespace: Answer = { ...notFound, source: "inferred", note: "a namespace that is not the caller's" };

const synchronous = [invalidRun, insufficientCredits, modelNotFound("doc"), foreignNamespace, ...keyed] as const;

const statusOnly = (message: string): Shape =>
  object({ status: literal("success"), status_message: literal(message) }, { order: true });

const download: readonly Answer[] = [
  {
    status: 200,
    body: "bytes",
    headers: { "content-type": /^(?:image|video|audio)\// },
    source: "client",
    note: "clients disagree about the key; it is served with and without",
  },
  { ...notFound, source: "inferred" },
];

export const oxenResponses: readonly PublishedResponse[] = [
  ...route("createGeneration", "POST /api/ai/queue", [
    ok(enqueued(4), "doc", { state: "queued", vintage: "0.231" }),
    ok(enqueued(12), "doc", { state: "queued", vintage: "0.243" }),
    invalidParams,
    unsupportedMediaType,
    insufficientCredits,
    // The status of an unknown model is not stated for the queue.
    modelNotFound("inferred"),
    foreignNamespace,
    {
      status: 413,
      body: typedError(someText, someText, { detail: optional(text) }),
      headers: json,
      source: "inferred",
      note: "no limit is documented",
    },
    ...keyed,
  ]),
  ...route("listGenerations", "GET /api/ai/queue", [
    ok(
      object(
        { count: integerFrom(0), generations: array(variants("status", byStatus(row))) },
        { order: true, rules: [countIsLength] },
      ),
      "seed",
    ),
    invalidParams,
    ...keyed,
  ]),
  ...route("getGeneration", "GET /api/ai/queue/{generation_id}", [
    ...Object.entries(byStatus(row)).map(([state, body]) =>
      ok(body, "doc", { state, note: "not wrapped; rows persist, so all five states answer 200" }),
    ),
    notFound,
    ...keyed,
  ]),
  ...route("cancelGeneration", "DELETE /api/ai/queue/{generation_id}", [
    ok(object({ status: literal("success"), generation_id: uuid }, { order: true }), "doc", {
      note: "also, without effect, for a generation that has ended [inferred]",
    }),
    notFound,
    ...keyed,
  ]),
  ...route("listPastGenerations", "GET /api/ai/generations", [
    ok(
      object(
        {
          count: integerFrom(0),
          generations: array(variants("status", byStatus(historyRow))),
          page_number: integerFrom(1),
          page_size: integerFrom(1, 1000),
          total_pages: integerFrom(0),
          total_entries: integerFrom(0),
          total_cost: amount,
        },
        { rules: [countIsLength] },
      ),
      "doc",
    ),
    invalidParams,
    ...keyed,
  ]),
  // This route is before {generation_id}; the underscore distinguishes it from an id.
  ...route("listFilterValues", "GET /api/ai/generations/_filters", [
    ok(
      object({
        repo: optional(array(nullable(text))),
        folder: optional(array(nullable(text))),
        model: optional(array(text)),
        media_type: optional(array(text)),
        status: optional(array(text)),
        user_id: optional(array(anything)),
      }),
      "inferred",
      { note: "the columns are documented (0.257.7); the shape of the answer was not seen" },
    ),
    invalidParams,
    ...keyed,
  ]),
  ...route("getGenerationDetails", "GET /api/ai/generations/{generation_id}", [
    ...Object.entries(byStatus(historyRow)).map(([state, generation]) =>
      ok(
        object({ status: literal("success"), status_message: literal("resource_found"), generation }, { order: true }),
        "doc",
        { state, note: "wrapped, unlike the queue's" },
      ),
    ),
    { ...notFound, source: "inferred" },
    ...keyed,
  ]),
  ...route("generateImage", "POST /api/ai/images/generate", [
    ...media("images", { revised_prompt: optional(nullable(text)) }),
    ...synchronous,
  ]),
  ...route("editImage", "POST /api/ai/images/edit", [
    ...media("images", { revised_prompt: optional(nullable(text)) }),
    ...synchronous,
  ]),
  ...route("generateVideo", "POST /api/ai/videos/generate", [...media("videos"), ...synchronous]),
  // Only the spec shows its answer.
  ...route("generateAudio", "POST /api/ai/audio/generate", [...audios("doc"), ...synchronous]),
  // A page prints the requests of these two, and no page their answers.
  ...route("generateSpeech", "POST /api/ai/audio/speech", [...audios("inferred"), ...synchronous]),
  ...route("transcribeAudio", "POST /api/ai/audio/transcriptions", [
    ok(object({ text }), "inferred"),
    invalidRun,
    modelNotFound("inferred"),
    ...keyed,
  ]),
  // The catalogue answers without a key.
  ...route("listModels", "GET /api/ai/models", [ok(modelList, "doc"), invalidParams, ...keyless]),
  ...route("searchModels", "GET /api/ai/models/search", [ok(modelList, "doc"), invalidParams, ...keyless]),
  ...route("listFeaturedModels", "GET /api/ai/models/featured", [ok(modelList, "doc"), ...keyless]),
  ...route("listFavoriteModels", "GET /api/ai/models/favorites", [ok(modelList, "doc"), ...keyed]),
  ...route("favoriteModel", "POST /api/ai/models/{id}/favorite", [
    ok(model, "doc", { note: "bare" }),
    modelNotFound("inferred"),
    ...keyed,
  ]),
  ...route("unfavoriteModel", "DELETE /api/ai/models/{id}/favorite", [
    ok(model, "doc", { note: "bare" }),
    modelNotFound("inferred"),
    ...keyed,
  ]),
  ...route("getModel", "GET /api/ai/models/{id}", [
    ok(model, "doc", { note: "bare" }),
    modelNotFound("doc"),
    ...keyless,
  ]),
  ...route("downloadOutput", "GET /api/repos/{namespace}/{repo}/workspaces/{workspace_id}/{path}", download),
  ...route("downloadOutput", "GET /api/repos/{namespace}/{repo}/file/{branch}/{path}", download),
  // A client deletes results after it has downloaded them, and reads only the status.
  ...route("deleteMedia", "DELETE /api/repos/{namespace}/{repo}/workspaces/{workspace_id}/files", [
    ok(statusOnly("resource_deleted"), "inferred"),
    invalidParams,
    { ...notFound, source: "client" },
    ...keyed,
  ]),
  ...route("deleteMedia", "DELETE /api/repos/{namespace}/{repo}/file/{branch}/{path}", [
    ok(statusOnly("resource_deleted"), "inferred"),
    { ...notFound, source: "client" },
    ...keyed,
  ]),
  // A successful response has a stream after its head and not a body.
  ...route("followEvents", "GET /api/events", keyed),
  ...route("unknownRoute", "* {unknown}", [{ ...notFound, source: "inferred" }]),
];
