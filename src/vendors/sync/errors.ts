/**
 * sync's errors. Those of the framework (NestJS) are `message`, `error`, `statusCode`; those with a code of the
 * catalogue are the documented `GenerationError`, keys in the order that the published 429s show [doc].
 */
import { STATUS_CODES } from "../../platform/node-http.ts";
import type { FastifyRequest } from "fastify";
import { VendorError, type RequestIssue, type VendorErrors } from "../../http/errors/vendor-error.ts";
import { concurrencyOf, stateOf } from "./account.ts";
import { errorEntries, errorEntryOf, rewordError } from "./error-catalogue.ts";
import { vintageOf } from "./vintage.ts";

export interface RefusalOptions {
  /** Instead of the status that the code usually comes with. */
  readonly status?: number;
  readonly message?: string;
  /** The request field at fault [doc]. */
  readonly field?: string;
  /** Further keys that only this answer has. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** An answer that carries a code of the catalogue. */
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

/** The framework's own answer, without a code [inferred from the probed 401 and the SDK's types]. */
export function plainError(status: number, message: string | readonly string[]): VendorError {
  return new VendorError(status, { message, error: reasonOf(status), statusCode: status });
}

/** 400 with one sentence, for a query that cannot be taken. */
export const badRequest = (message: string): VendorError => plainError(400, message);

/** 422 [inferred] for a body that is well formed and cannot be generated, by the catalogue's code for it. */
export const unusableInput = (code: `generation_${string}`, message?: string, field = "input"): VendorError =>
  refusal(code, { status: 422, field, ...(message !== undefined && { message }) });

/** 400 [client: oas2025] for a model that there is not, or that does not take this input. */
export const unsupportedModel = (): VendorError => refusal("generation_unsupported_model", { field: "model" });

/** 404 [doc] for a generation that there is not, or that is another organisation's. */
export const generationNotFound = (): VendorError => refusal("generation_not_found");

/** 400 [inferred] for an id that is no UUID. */
export const invalidGenerationId = (): VendorError => refusal("invalid_generation_id");

/** 409 [doc] for a generation that has not ended. */
export const notDeletable = (): VendorError => refusal("generation_not_deletable_while_processing");

/** 422 [doc] for a projectId that names no project of the organisation. */
export const unknownProject = (): VendorError => refusal("project_not_found", { field: "projectId" });

/** 422 [doc] for a model without a price; that an unknown model counts as one is [inferred]. */
export const costUnavailable = (): VendorError => refusal("cost_estimate_unavailable", { field: "model" });

/** 400 [doc] for a key that is empty, malformed or sent twice. */
export const invalidIdempotencyKey = (): VendorError => refusal("INVALID_IDEMPOTENCY_KEY");

/** 409 [inferred: that there is a conflict is documented, its code and status are not] for a key with other inputs. */
export const idempotencyConflict = (): VendorError =>
  refusal("generation_conflict", { message: "This Idempotency-Key was used with other inputs." });

/** 413 [doc] for a body or part above what the parser takes. */
const tooLarge = (message: string): VendorError =>
  refusal("generation_input_validation_failed", { status: 413, message });

/** The body fields that a rate limit's 429 does not have [client]. */
export const concurrencyLimit = (activeGenerations: number, limit: number, retryAfterSeconds: number): VendorError =>
  refusal("concurrency_limit_reached", {
    extra: {
      activeGenerations,
      concurrencyLimit: limit,
      retryAfterSeconds,
      upgradeUrl: "https://sync.so/billing/subscription",
    },
  });

/** 429 [doc: guides/batch-processing]; what follows the message there could not be read. */
export const batchConcurrencyLimit = (): VendorError =>
  refusal("concurrency_limit_reached", {
    message: "Batch concurrency limit reached. Please wait for an existing batch to complete or upgrade your plan.",
  });

/** Probed by a client [client]: without a header the framework's long form, with a bad key the short one. */
const UNAUTHORIZED = {
  missing: { message: "Either Cookie or x-api-key header must be provided", error: "Unauthorized", statusCode: 401 },
  bad: { message: "Unauthorized", statusCode: 401 },
} as const;

export const errors: VendorErrors = {
  unauthorized: (problem) => new VendorError(401, problem === "missing" ? UNAUTHORIZED.missing : UNAUTHORIZED.bad),
  routeNotFound: (method, path) => plainError(404, `Cannot ${method} ${path}`),
  invalid: (issues) => plainError(400, issues.map(sentenceOf)),
  malformedBody: () => plainError(400, "The body is not valid JSON"),
  unsupportedMediaType: () => plainError(400, "The content type of the body is not supported"),
  bodyTooLarge: () => tooLarge("request entity too large"),
  rateLimited: (_retryAfterSeconds, request) => rateLimited(request),
  internal: () => refusal("internal_error"),
  byCode: (code, request) => {
    if (code === "rate_limit_exceeded") return rateLimited(request);
    if (code === "concurrency_limit_reached") return concurrencyReached(request);
    if (errorEntryOf(code)?.status === undefined) return undefined;
    const field = FIELDS[code];
    const generationId = code === "IDEMPOTENCY_OUTCOME_UNKNOWN" ? repeatedId(request) : undefined;
    return refusal(code, {
      ...(field !== undefined && { field }),
      ...(generationId !== undefined && { extra: { generationId } }),
    });
  },
  reword: rewordError,
  codes: errorEntries.filter(({ status }) => status !== undefined).map(({ code }) => code),
};

/** The request field of codes that are about one, as the constructors above name it. */
const FIELDS: Readonly<Record<string, string>> = {
  generation_unsupported_model: "model",
  project_not_found: "projectId",
  cost_estimate_unavailable: "model",
};

/** As if the organisation had as many generations running as its plan allows. */
function concurrencyReached(request: FastifyRequest | undefined): VendorError {
  const limit = request === undefined ? 1 : concurrencyOf(stateOf(request.account, request.now));
  return request?.routeOptions.config.operation === "createBatch"
    ? batchConcurrencyLimit()
    : concurrencyLimit(limit, limit, 2);
}

/** The generation that the request's Idempotency-Key has made before, which is the one to poll [doc: it may be named]. */
function repeatedId(request: FastifyRequest | undefined): string | undefined {
  const key = request?.headers["idempotency-key"];
  const operation = request?.routeOptions.config.operation;
  if (request === undefined || typeof key !== "string" || operation === undefined) return undefined;
  return request.sandbox.store.idempotency.find(request.account.id, "sync", operation, key)?.publicId;
}

/** Exactly these keys, and no Retry-After; vintage 2026-06 has no errorCode yet [doc: guides/rate-limits, both]. */
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

/** As the framework's validator words it: the path of the value, then what is wrong. */
function sentenceOf({ path, message }: RequestIssue): string {
  const place = path.filter((key) => key !== "").join(".");
  if (place !== "") return `${place} ${message}`;
  return message.startsWith("must ") ? `body ${message}` : message;
}
