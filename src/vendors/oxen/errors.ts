/**
 * Defines oxen's errors, which come in three shapes [doc: inference-api/overview]: A has a title and a type, which the
 * status message repeats; B has only a message; C has only a detail (an Elixir atom, printed).
 */
import type { FastifyRequest } from "fastify";
import { secondsToNextMinute } from "../../engine/base/calendar.ts";
import { VendorError, type RequestIssue, type VendorErrors } from "../../http/errors/vendor-error.ts";

const INVALID_TITLE = "Invalid parameters supplied, please check your request and try again.";

/** Builds shape A. An error without a detail has no `detail` key [doc]. */
function typed(status: number, type: string, title: string, detail?: string): VendorError {
  return new VendorError(status, {
    error: { type, title, ...(detail !== undefined && { detail }) },
    status: "error",
    status_message: type,
  });
}

/** Builds shape B. */
function worded(status: number, message: string): VendorError {
  return new VendorError(status, { error: { message } });
}

/** 401; the type is documented, its title is not [inferred]. */
const unauthenticated = (): VendorError =>
  typed(401, "unauthenticated", "You must be authenticated to make this request.");

/** 404 for a generation, a file or a namespace that the caller cannot see [doc for an unknown id]. */
export const notFound = (): VendorError =>
  typed(404, "resource_not_found", "The requested resource could not be found");

/** 400 with the documented title; which requests get it is [inferred]. */
export const invalidParams = (detail?: string): VendorError => typed(400, "invalid_params", INVALID_TITLE, detail);

/** 404 in shape B [doc for a model look-up and the synchronous routes; inferred for the queue]. */
export const modelNotFound = (model: string): VendorError => worded(404, `Model not found: ${model}`);

/** 400 in shape C for a text-only model [doc: the text; inferred: the status]. */
export const unsupportedMediaType = (): VendorError =>
  new VendorError(400, { error: { detail: ":unsupported_media_type" } });

/** 402 [client]; no page of the vendor names it. */
export const insufficientCredits = (): VendorError =>
  typed(402, "insufficient_credits", "You have run out of credits.");

/** 400 in shape B: a model's message about its own parameters, on the synchronous routes [doc: the texts]. */
export const modelRefused = (message: string): VendorError => worded(400, message);

/** 429; only the status is documented, on the chat page. */
const rateLimited = (retryAfterSeconds: number): VendorError => {
  const { status, body } = typed(429, "rate_limit_exceeded", "Too many requests, please try again later.");
  return new VendorError(status, body, { headers: { "retry-after": String(retryAfterSeconds) } });
};

/** 500; the type is documented, its title is not [inferred]. */
export const unknownError = (): VendorError => typed(500, "unknown_error", "An unknown error occurred.");

const BY_CODE: Readonly<Record<string, (request?: FastifyRequest) => VendorError>> = {
  unauthenticated,
  invalid_params: () => invalidParams(),
  unsupported_media_type: unsupportedMediaType,
  insufficient_credits: insufficientCredits,
  resource_not_found: notFound,
  model_not_found: (request) => modelNotFound(modelIn(request?.body) ?? "unknown-model"),
  rate_limit_exceeded: (request) => rateLimited(secondsToNextMinute(request?.now ?? 0)),
  unknown_error: unknownError,
};

export const errors: VendorErrors = {
  unauthorized: unauthenticated,
  routeNotFound: notFound,
  invalid: (issues: readonly RequestIssue[]) => invalidParams([...new Set(issues.map(wordIssue))].join(", ")),
  malformedBody: () => invalidParams("The body is not valid JSON."),
  unsupportedMediaType,
  bodyTooLarge: () => typed(413, "request_too_large", "The request is too large."),
  rateLimited,
  internal: unknownError,
  byCode: (code, request) => (Object.hasOwn(BY_CODE, code) ? BY_CODE[code]?.(request) : undefined),
  codes: Object.keys(BY_CODE),
};

function modelIn(body: unknown): string | undefined {
  const model = typeof body === "object" && body !== null && "model" in body ? body.model : undefined;
  return typeof model === "string" ? model : undefined;
}

function wordIssue({ where, path, message, isMissing }: RequestIssue): string {
  const field = path.join(".");
  if (field === "") return isMissing ? `Missing ${where}` : `The ${where} ${message}`;
  return isMissing ? `Missing field: ${field}` : `${field} ${message}`;
}
