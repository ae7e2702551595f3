/** Describes the errors that sync publishes. */
import type { Answer } from "./response.ts";
import type { Field, Shape } from "./shape.ts";
import { anyOf, array, integerFrom, literal, object, oneOf, optional, someText, url, uuid } from "./shape.ts";

/** GET /v2/errors: the vendor's codes in the catalogue's own order, as of 2026-08-25. */
export const catalogueCodes = [
  "generation_unsupported_model",
  "generation_pipeline_failed",
  "generation_unknown_error",
  "generation_input_validation_failed",
  "generation_infra_storage_error",
  "generation_infra_resource_exhausted",
  "generation_infra_service_unavailable",
  "generation_input_video_inaccessible",
  "generation_input_audio_inaccessible",
  "generation_input_image_inaccessible",
  "generation_input_video_invalid",
  "generation_input_audio_invalid",
  "generation_input_segments_invalid",
  "generation_input_trim_invalid",
  "generation_input_face_selection_invalid",
  "generation_input_resolution_unsupported",
  "generation_input_duration_greater_than_max_duration",
  "generation_model_duration_exceeded",
  "generation_plan_duration_exceeded",
  "dubbing_duration_exceeded",
  "free_tier_generations_exhausted",
  "plan_feature_unavailable",
  "account_payment_required",
  "account_on_hold",
  "voice_clone_limit_reached",
  "elevenlabs_quota_exceeded",
  "generation_input_asset_type_mismatch",
  "generation_input_too_many_visual",
  "generation_input_dub_audio_conflict",
  "concurrency_limit_reached",
  "rate_limit_exceeded",
  "generation_not_deletable_while_processing",
  "invalid_generation_id",
  "unsupported_generation_id_format",
  "generation_not_found",
  "generation_conflict",
  "generation_media_probe_timeout",
  "generation_media_probe_unavailable",
  "controller_timeout",
  "controller_unavailable",
  "controller_dependency_error",
  "internal_error",
  "project_not_found",
  "asset_not_found",
  "asset_forbidden",
  "invalid_asset_id_format",
  "uploaded_file_not_found",
  "file_not_in_org_storage",
  "file_size_exceeds_plan_limit",
  "voice_not_found",
  "voice_sample_not_accessible",
  "voice_sample_type_unsupported",
  "voice_sample_upload_required",
  "voice_sample_extraction_failed",
  "voice_sample_source_too_large",
  "voice_sample_too_short",
  "voice_sample_invalid",
  "voice_name_conflict",
  "voice_clone_busy",
  "elevenlabs_api_key_invalid",
  "elevenlabs_service_unavailable",
  "usage_dependency_unavailable",
] as const;

/** Named by pages newer than the catalogue, or outside it. */
const newerCodes = [
  "cost_estimate_unavailable",
  "dialogue_edit_retime_required",
  "dialogue_edit_removal_too_large",
  "dialogue_edit_not_found",
  "dialogue_edit_unsupported",
  "voice_verification_required",
  "voice_blocked",
  "voice_access_denied",
] as const;

/** Codes of the older error guide, which clients still check. */
const olderCodes = [
  "generation_media_metadata_missing",
  "generation_audio_length_exceeded",
  "generation_text_length_exceeded",
  "generation_audio_missing",
  "generation_video_missing",
  "generation_timeout",
  "generation_database_error",
  "generation_internal_auth",
  "generation_unhandled_error",
] as const;

export const anyCode = oneOf(...catalogueCodes, ...newerCodes, ...olderCodes);

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  413: "Payload Too Large",
  422: "Unprocessable Entity",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

const reasonOf = (status: number): Shape => {
  const reason = reasons[status];
  return reason === undefined ? someText : literal(reason);
};

const message = anyOf(someText, array(someText, { min: 1 }));

/** The framework's own body (NestJS), which the probed 401 has: message, error, statusCode. */
export const plainError = (status: number, extra: Readonly<Record<string, Field>> = {}): Shape =>
  object(
    { message, error: reasonOf(status), statusCode: literal(status), ...extra },
    { order: ["message", "error", "statusCode"] },
  );

/**
 * doc C, schema GenerationError: message and statusCode, and errorCode, suggestion, field. errorCode is required here
 * too, because the documentation names each of these answers by its code. Only the 429s show an order of keys.
 */
export const codedError = (status: number, code: Shape = anyCode, extra: Readonly<Record<string, Field>> = {}): Shape =>
  object({
    statusCode: literal(status),
    errorCode: code,
    message,
    error: optional(reasonOf(status)),
    suggestion: optional(someText),
    field: optional(someText),
    ...extra,
  });

/** An answer that its catalogue code identifies; its state is that code. */
export const refusal = (status: number, code: string, source: Answer["source"] = "doc"): Answer => ({
  status,
  state: code,
  body: codedError(status, literal(code)),
  source,
});

/** An answer whose code depends on the fault; the documentation mostly does not say which fault has which code. */
export const refusals = (status: number, source: Answer["source"] = "inferred"): Answer => ({
  status,
  body: codedError(status),
  source,
});

/** DTO errors are the framework's; semantic errors have a code. */
export const badRequest = (extra: Readonly<Record<string, Field>> = {}): Answer => ({
  status: 400,
  body: anyOf(plainError(400, extra), codedError(400, anyCode, extra)),
  source: "inferred",
});

// Probed 2026-08-25 by unmodel's author, key order as listed.
const missingKey = object(
  {
    message: literal("Either Cookie or x-api-key header must be provided"),
    error: literal("Unauthorized"),
    statusCode: literal(401),
  },
  { order: true },
);
const badKey = object({ message: literal("Unauthorized"), statusCode: literal(401) }, { order: true });

const rateLimited: readonly Answer[] = [
  {
    // guides/rate-limits as of 2026-06.
    status: 429,
    state: "rate_limit_exceeded",
    vintage: "2026-06",
    body: object(
      {
        statusCode: literal(429),
        message: literal("Rate limit exceeded. Please try again later."),
        error: literal("Too Many Requests"),
      },
      { order: true },
    ),
    source: "doc",
  },
  {
    status: 429,
    state: "rate_limit_exceeded",
    vintage: "2026-11",
    body: object(
      {
        statusCode: literal(429),
        errorCode: literal("rate_limit_exceeded"),
        message: literal("Rate limit exceeded. Please try again later."),
        error: literal("Too Many Requests"),
      },
      { order: true },
    ),
    source: "doc",
  },
];

const serverError: Answer = {
  status: 500,
  body: object({
    statusCode: literal(500),
    errorCode: optional(oneOf("internal_error", "controller_dependency_error")),
    message,
    error: optional(literal("Internal Server Error")),
    suggestion: optional(someText),
  }),
  source: "inferred",
};

/** The errors of every route that needs a key. */
export const keyed: readonly Answer[] = [
  { status: 401, state: "missing-key", body: missingKey, source: "client" },
  { status: 401, state: "bad-key", body: badKey, source: "client" },
  { status: 401, body: anyOf(missingKey, badKey), source: "client" },
  ...rateLimited,
  serverError,
];

/** unmodel 2026-08: the body fields that the 429 of a rate limit does not have. */
export const concurrencyLimit: Answer = {
  status: 429,
  state: "concurrency_limit_reached",
  body: codedError(429, literal("concurrency_limit_reached"), {
    activeGenerations: integerFrom(0),
    concurrencyLimit: integerFrom(1),
    retryAfterSeconds: integerFrom(0),
    upgradeUrl: url,
  }),
  source: "client",
};

/** guides/batch-processing shows statusCode, errorCode, message and is cut off there. */
export const batchConcurrencyLimit: Answer = {
  status: 429,
  state: "concurrency_limit_reached",
  body: object(
    {
      statusCode: literal(429),
      errorCode: literal("concurrency_limit_reached"),
      message: someText,
      error: optional(literal("Too Many Requests")),
      suggestion: optional(someText),
      activeBatches: optional(integerFrom(0)),
      concurrencyLimit: optional(integerFrom(1)),
      retryAfterSeconds: optional(integerFrom(0)),
      upgradeUrl: optional(url),
    },
    { order: ["statusCode", "errorCode", "message"] },
  ),
  source: "doc",
  note: "what follows message is not readable in the page; the keys of the generation limit are allowed",
};

/** The guide on idempotency: a client polls generationId and does not create again. */
export const uncertainOutcome: Answer = {
  status: 503,
  state: "IDEMPOTENCY_OUTCOME_UNKNOWN",
  body: codedError(503, literal("IDEMPOTENCY_OUTCOME_UNKNOWN"), { generationId: optional(uuid) }),
  source: "doc",
};
