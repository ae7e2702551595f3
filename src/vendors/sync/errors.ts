/**
 * Defines sync's errors. Errors of the framework (NestJS) have `message`, `error` and `statusCode`. Errors with a code
 * of the catalogue are the documented `GenerationError`, with keys in the order of the published 429s [doc].
 */
import { STATUS_CODES } from "../../platform/node-http.ts";
import type { FastifyRequest } from "fastify";
import { VendorError, type RequestIssue, type VendorErrors } from "../../http/errors/vendor-error.ts";
import { concurrencyOf, stateOf } from "./account.ts";
import { errorEntries, errorEntryOf, rewordError } from "./error-catalogue.ts";
import { vintageOf } from "./vintage.ts";

export interface RefusalOptions {
  /** Replaces the code's usual status. */
  readonly status?: number;
  readonly message?: string;
  /** The request field at fault [doc]. */
  readonly field?: string;
  /** Additional keys of this response. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Builds an error with a code of the catalogue. */
export function refusal(code: string, options: RefusalOptions = {}): VendorError {
  const entry = errorEntryOf(code);
  const status = options.status ?? entry?.status;
  if (entry === undefined || status === undefined) throw new Error(`sync has no HTTP error "${code}".`);
  return new VendorError(status, {
    statusCode: status,
    errorCode: code,
    message: options.message ?? entry.message,
    error: reasonOf(status),
    suggestion: entry.suggestion,
    ...(options.field !== undefined && { field: options.field }),
    ...options.extra,
  });
}

/** Builds the framework's own error, without a code [inferred from the probed 401 and the SDK's types]. */
export function plainError(status: number, message: string | readonly string[]): VendorError {
  return new VendorError(status, { message, error: reasonOf(status), statusCode: status });
}

/** 400 with one sentence, for an invalid request. */
export const badRequest = (message: string): VendorError => plainError(400, message);

/** 422 [inferred] with a code of the catalogue, for a well-formed body that sync cannot generate. */
export const unusableInput = (code: `generation_${string}`, message?: string, field = "input"): VendorError =>
  refusal(code, { status: 422, field, ...(message !== undefined && { message }) });

/** 400 [client: oas2025] for a model that does not exist, or does not accept this input. */
export const unsupportedModel = (): VendorError => refusal("generation_unsupported_model", { field: "model" });

/** 404 [doc] for a generation that does not exist, or belongs to another organisation. */
export const generationNotFound = (): VendorError => refusal("generation_not_found");

/** 400 [inferred] for an id that is not a UUID. */
export const invalidGenerationId = (): VendorError => refusal("invalid_generation_id");

/** 409 [doc] for a generation that has not ended. */
export const notDeletable = (): VendorError => refusal("generation_not_deletable_while_processing");

/** 422 [doc] for a projectId that names no project of the organisation. */
export const unknownProject = (): VendorError => refusal("project_not_found", { field: "projectId" });

/** 422 [doc] for a model without a price; the same answer for an unknown model is [inferred]. */
export const costUnavailable = (): VendorError => refusal("cost_estimate_unavailable", { field: "model" });

/** 400 [doc] for a key that is empty, malformed or sent twice. */
export const invalidIdempotencyKey = (): VendorError => refusal("INVALID_IDEMPOTENCY_KEY");

/** 409 for a key with other inputs [inferred: the conflict is documented, but not its code and status]. */
export const idempotencyConflict = (): VendorError =>
  refusal("generation_conflict", { message: "This Idempotency-Key was used with other inputs." });

/** 413 [doc] for a body or part over the parser's limit. */
const tooLarge = (message: string): VendorError =>
  refusal("generation_input_validation_failed", { status: 413, message });

/** The page to which people are sent for a payment [client: a 429's upgradeUrl; doc: GET /v2/account has such a URL]. */
export const BILLING_URL = "https://sync.so/billing/subscription";

/** 429 with body fields that the 429 of a rate limit does not have [client]. */
export const concurrencyLimit = (activeGenerations: number, limit: number, retryAfterSeconds: number): VendorError =>
  refusal("concurrency_limit_reached", {
    extra: {
      activeGenerations,
      concurrencyLimit: limit,
      retryAfterSeconds,
      upgradeUrl: BILLING_URL,
    },
  });

/** 429 [doc: guides/batch-processing]; the rest of the documented body could not be read. */
export const batchConcurrencyLimit = (): VendorError =>
  refusal("concurrency_limit_reached", {
    message: "Batch concurrency limit reached. Please wait for an existing batch to complete or upgrade your plan.",
  });

/**
 * Bodies of the 401 that a client recorded [client]: the framework's long form without a header, and the short form for
 * a bad key.
 */
const UNAUTHORIZED = {
  missing: { message: "Either Cookie or x-api-key header must be provided", error: "Unauthorized", statusCode: 401 },
  bad: { message: "Unauthorized", statusCode: 401 },
} as const;

export const errors: VendorErrors = {
  unauthorized: (problem) => new VendorError(401, problem === "missing" ? UNAUTHORIZED.missing : UNAUTHORIZED.bad),
  routeNotFound: (method, path) => plainError(404, `Cannot ${method} ${path}`),
  invalid: (issues) => plainError(400, issues.map(sentenceOf)),
  malformedBody: () => plainError(400, "The body is not valid JSON"),
  // The framework's own words [inferred].
  malformedForm: () => plainError(400, "Multipart: Unexpected end of form"),
  unsupportedMediaType: () => plainError(400, "The content type of the body is not supported"),
  bodyTooLarge: () => tooLarge("request entity too large"),
  rateLimited: (_retryAfterSeconds, request) => rateLimited(request),
  internal: () => refusal("internal_error"),
  byCode: (code, request) => {
    if (code === "rate_limit_exceeded") return rateLimited(request);
    if (code === "concurrency_limit_reached") return concurrencyReached(request);
    if (errorEntryOf(code)?.status === undefined) return undefined;
    if (code === OUTCOME_UNKNOWN || (code === SPEECH_UNAVAILABLE && isKeyedCreate(request)))
      return uncertainOutcome(request);
    const field = FIELDS[code];
    return refusal(code, field === undefined ? {} : { field });
  },
  reword: rewordError,
  codes: errorEntries.filter(({ status }) => status !== undefined).map(({ code }) => code),
};

/** The request field of each code that concerns one, as in the functions above. */
const FIELDS: Readonly<Record<string, string>> = {
  generation_unsupported_model: "model",
  project_not_found: "projectId",
  cost_estimate_unavailable: "model",
};

const OUTCOME_UNKNOWN = "IDEMPOTENCY_OUTCOME_UNKNOWN";
const SPEECH_UNAVAILABLE = "elevenlabs_service_unavailable";

/**
 * Returns whether a request creates a generation under an Idempotency-Key. If its speech may or may not have been made,
 * its outcome is unknown, while a create without a key gets the error of speech [doc: generate-api/create].
 */
function isKeyedCreate(request: FastifyRequest | undefined): boolean {
  const isCreate = request?.routeOptions.config.operation === "createGeneration";
  return isCreate && request.headers["idempotency-key"] !== undefined;
}

/** Builds the 503 of a keyed create that may have happened; it names the generation if there is one [doc]. */
function uncertainOutcome(request: FastifyRequest | undefined): VendorError {
  const generationId = repeatedId(request);
  return refusal(OUTCOME_UNKNOWN, generationId === undefined ? {} : { extra: { generationId } });
}

/** Builds the 429 of an organisation with as many running generations as its plan allows. */
function concurrencyReached(request: FastifyRequest | undefined): VendorError {
  const limit = request === undefined ? 1 : concurrencyOf(stateOf(request.account, request.now));
  return request?.routeOptions.config.operation === "createBatch"
    ? batchConcurrencyLimit()
    : concurrencyLimit(limit, limit, 2);
}

/**
 * Returns the id of the generation that the request's Idempotency-Key created before; the client polls it [doc: it may
 * be named].
 */
function repeatedId(request: FastifyRequest | undefined): string | undefined {
  const key = request?.headers["idempotency-key"];
  const operation = request?.routeOptions.config.operation;
  if (request === undefined || typeof key !== "string" || operation === undefined) return undefined;
  return request.sandbox.store.idempotency.find(request.account.id, "sync", operation, key)?.publicId;
}

/**
 * Builds the 429 of a rate limit with exactly these keys and without Retry-After; vintage 2026-06 has no errorCode
 * [doc: guides/rate-limits, both].
 */
function rateLimited(request: FastifyRequest | undefined): VendorError {
  const hasCode = request === undefined || vintageOf(request.sandbox) !== "2026-06";
  return new VendorError(429, {
    statusCode: 429,
    ...(hasCode && { errorCode: "rate_limit_exceeded" }),
    message: "Rate limit exceeded. Please try again later.",
    error: "Too Many Requests",
  });
}

function reasonOf(status: number): string {
  return STATUS_CODES[status] ?? "Error";
}

/** Words an issue as the framework's validator does: the path of the value, then the problem. */
function sentenceOf({ path, message }: RequestIssue): string {
  const place = path.filter((key) => key !== "").join(".");
  if (place !== "") return `${place} ${message}`;
  return message.startsWith("must ") ? `body ${message}` : message;
}
