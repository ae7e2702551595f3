/** Lists the published responses of sync's generations. */
import type { Answer, PublishedResponse } from "./response.ts";
import { describeRoutes } from "./response.ts";
import type { Rule, Shape } from "./shape.ts";
import {
  array,
  integerFrom,
  isoMillis,
  literal,
  matching,
  nullable,
  number,
  numberFrom,
  object,
  oneOf,
  optional,
  positiveNumber,
  someText,
  text,
  url,
  uuid,
  uuidV4,
  variants,
} from "./shape.ts";
import { anyCode, badRequest, concurrencyLimit, keyed, refusal, refusals, uncertainOutcome } from "./sync-errors.ts";

const route = describeRoutes("sync");

const uuidText = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

// input, segments and options echo what the client sent, so fields that we do not know may be among them.
const inputItem = object(
  {
    type: oneOf("video", "image", "audio", "text"),
    url: optional(text),
    assetId: optional(text),
    refId: optional(text),
    provider: optional(object({ name: literal("elevenlabs"), voiceId: text, script: text }, { open: true })),
    segments_secs: optional(array(array(number))),
    segments_frames: optional(array(array(number))),
  },
  { open: true },
);

const segment = object(
  {
    startTime: number,
    endTime: number,
    audioInput: object({ refId: text, startTime: optional(number), endTime: optional(number) }, { open: true }),
  },
  { open: true },
);

const isTextInput = (item: unknown): boolean =>
  typeof item === "object" && item !== null && "type" in item && item.type === "text";

const generationRules: readonly Rule[] = [
  {
    says: "synthesizedAudioUrl only beside a text input",
    holds: ({ input, ...rest }) =>
      !("synthesizedAudioUrl" in rest) || (Array.isArray(input) && input.some(isTextInput)),
  },
  {
    says: "errorCode and error_code to be equal",
    holds: ({ errorCode, error_code }) => errorCode === error_code,
  },
];

/** The final fields of a generation, by status: these fields are null until they are known, never absent. */
interface Ending {
  readonly outputUrl: Shape;
  readonly segmentOutputUrl: Shape;
  readonly outputDuration: Shape;
  readonly error: Shape;
  readonly code: Shape;
}

const none = literal(null);
const unfinished: Ending = { outputUrl: none, segmentOutputUrl: none, outputDuration: none, error: none, code: none };
const completed: Ending = {
  // Real samples: an API URL with a token of UUID form. An emulator may append its own sandbox to the token.
  outputUrl: matching(
    new RegExp(`^https?://.+/v2/generations/${uuidText}/result\\?token=${uuidText}(?:&[^ ]*)?$`),
    "the result URL of a generation with its token",
  ),
  segmentOutputUrl: nullable(url),
  outputDuration: positiveNumber,
  error: none,
  code: none,
};
const endedBadly: Ending = {
  ...unfinished,
  error: someText,
  // Real failures with the generic message and no code are reported by clients.
  code: nullable(anyCode),
};

const endings = {
  PENDING: unfinished,
  PROCESSING: unfinished,
  COMPLETED: completed,
  FAILED: endedBadly,
  REJECTED: endedBadly,
} as const;

/** Order: the captured object of January 2026 up to error; the place of the newer fields after it is inferred. */
const generation = (status: string, ending: Ending, isProgressAsked = false): Shape =>
  object(
    {
      id: uuidV4,
      createdAt: isoMillis,
      status: literal(status),
      model: someText,
      input: array(inputItem, { min: 1 }),
      segments: nullable(array(segment, { min: 1 })),
      webhookUrl: nullable(url),
      options: nullable(object({}, { open: true })),
      outputUrl: ending.outputUrl,
      segmentOutputUrl: ending.segmentOutputUrl,
      outputDuration: ending.outputDuration,
      error: ending.error,
      errorCode: ending.code,
      error_code: ending.code,
      outputFileName: nullable(matching(/^[A-Za-z0-9_-]{1,255}$/, "a sanitised file name")),
      synthesizedAudioUrl: optional(url),
      projectId: nullable(uuid),
      // No bounds are documented; a percentage is from 0 to 100.
      ...(isProgressAsked ? { progress_percent: numberFrom(0, 100) } : {}),
    },
    { order: true, rules: generationRules },
  );

const states = Object.entries(endings);
const anyGeneration = variants(
  "status",
  Object.fromEntries(states.map(([status, ending]) => [status, generation(status, ending)])),
);
const terminalStates = states.filter(([, ending]) => ending !== unfinished);

const generationByState = (status: number, among: typeof states = states): readonly Answer[] =>
  among.map(([state, ending]) => ({ status, state, body: generation(state, ending), source: "inferred" }));

const waitHeaders = { "x-sync-wait-mode": /^long_poll$/, "x-sync-wait-timeout-seconds": /^\d+(?:\.\d+)?$/ } as const;

const readGeneration: readonly Answer[] = [
  ...generationByState(200),
  ...states.map(([state, ending]): Answer => ({
    status: 200,
    state: `${state}?include=progress`,
    body: generation(state, ending, true),
    source: "seed",
    note: "the seed names the field for every generation; no source says whether an ended generation still has it",
  })),
  ...states.map(([state, ending]): Answer => ({
    status: 200,
    state: `${state}?wait=true`,
    vintage: "2026-11",
    body: generation(state, ending),
    // Retry-After tells a client to poll again, so only the answers of running generations have it.
    headers: ending === unfinished ? { ...waitHeaders, "retry-after": /^2$/ } : waitHeaders,
    source: "doc",
  })),
  badRequest(),
];

const malformedGenerationId: Answer = { ...refusal(400, "invalid_generation_id", "inferred"), vintage: "2026-11" };
const generationNotFound = refusal(404, "generation_not_found");

export const syncGenerationResponses: readonly PublishedResponse[] = [
  ...route("createGeneration", "POST /v2/generate", [
    ...generationByState(201).map((answer) =>
      answer.state === "PENDING"
        ? answer
        : { ...answer, note: "a replay under the same Idempotency-Key answers the generation's present state" },
    ),
    badRequest(),
    refusal(400, "generation_unsupported_model", "client"),
    refusal(400, "INVALID_IDEMPOTENCY_KEY"),
    refusals(402),
    refusals(403),
    refusal(404, "asset_not_found", "inferred"),
    refusal(409, "generation_conflict", "inferred"),
    refusal(413, "generation_input_validation_failed"),
    refusals(422),
    concurrencyLimit,
    refusals(503),
    uncertainOutcome,
    refusals(504),
    ...keyed,
  ]),
  ...route("getGeneration", "GET /v2/generate/{id}", [
    ...readGeneration,
    malformedGenerationId,
    generationNotFound,
    ...keyed,
  ]),
  ...route("listGenerations", "GET /v2/generations", [
    { status: 200, body: array(anyGeneration), source: "sdk", note: "a bare array, no envelope" },
    badRequest(),
    ...keyed,
  ]),
  ...route("countGenerations", "GET /v2/generations/count", [
    { status: 200, body: object({ count: integerFrom(0) }), source: "doc" },
    badRequest(),
    ...keyed,
  ]),
  ...route("getGenerationById", "GET /v2/generations/{id}", [
    ...generationByState(200),
    malformedGenerationId,
    generationNotFound,
    ...keyed,
  ]),
  ...route("deleteGeneration", "DELETE /v2/generations/{id}", [
    ...generationByState(200, terminalStates),
    malformedGenerationId,
    generationNotFound,
    refusal(409, "generation_not_deletable_while_processing"),
    ...keyed,
  ]),
  ...route("downloadOutput", "GET /v2/generations/{id}/download", [
    {
      status: 200,
      body: "text",
      headers: { "content-type": /^text\/plain/ },
      source: "doc",
      note: "the body is an unquoted URL",
    },
    { ...badRequest(), note: "only completed generations; no source says with which status the others are refused" },
    generationNotFound,
    ...keyed,
  ]),
  // The outputUrl of a generation: its token is the key.
  ...route("getGenerationResult", "GET /v2/generations/{id}/result", [
    { status: 302, body: "empty", headers: { location: /^https?:\/\/.+/ }, source: "doc" },
    badRequest(),
    generationNotFound,
  ]),
];
