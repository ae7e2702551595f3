/** Defines vivix's errors [doc: /docs/api/errors, seed]: a flat body of `error`, `message`, `next`, context, `request_id`. */
import type { FastifyRequest } from "fastify";
import { secondsToNextMinute } from "../../engine/base/calendar.ts";
import { VendorError, type RequestIssue, type VendorErrors } from "../../http/errors/vendor-error.ts";
import { balanceOf, stateOf } from "./account.ts";

/** Status, message and advice of every code; `finishReply` adds `request_id`. */
const WORDING = {
  UNAUTHORIZED: {
    status: 401,
    message: "The Authorization header is missing or malformed.",
    next: "Send Authorization: Bearer <your API key>.",
  },
  KEY_INVALID: {
    status: 401,
    message: "This API key is not valid.",
    next: "Check the key, or create one under Settings, API & Webhooks.",
  },
  KEY_REVOKED: {
    status: 401,
    message: "This API key has been revoked.",
    next: "Create a new key under Settings, API & Webhooks.",
  },
  INSUFFICIENT_CREDITS: {
    status: 402,
    message: "The estimate exceeds your credit balance.",
    next: "Top up, or ask for less.",
  },
  TIER_LOCKED: { status: 403, message: "API access needs the Pro or Ultimate plan.", next: "Upgrade your plan." },
  MODEL_NOT_ALLOWED: {
    status: 403,
    message: "This model is not enabled for your account.",
    next: "List the models you may call with GET /api/v1/models.",
  },
  NOT_YOURS: {
    status: 403,
    message: "This generation belongs to another account.",
    next: "Use the key of the account that submitted it.",
  },
  NOT_FOUND: {
    status: 404,
    message: "There is no generation with this id, or it is past retention.",
    next: "Check the id.",
  },
  INVALID_PARAMS: {
    status: 400,
    message: "A parameter is not valid.",
    next: "Compare the request with the model's params.",
  },
  RATE_LIMITED: { status: 429, message: "Too many calls in this minute.", next: "Wait for the time in Retry-After." },
  CONCURRENCY_LIMIT: { status: 429, message: "Too many jobs are in flight.", next: "Wait until one has finished." },
  INTERNAL_ERROR: {
    status: 500,
    message: "Something went wrong on our side.",
    next: "Retry with backoff from 1 s to 30 s.",
  },
  PROVIDER_DOWN: { status: 503, message: "The model's provider is not available.", next: "Retry after 60 s." },
} as const;

type ErrorCode = keyof typeof WORDING;

function failure(
  code: ErrorCode,
  extra: {
    message?: string;
    next?: string;
    context?: Readonly<Record<string, unknown>>;
    headers?: Readonly<Record<string, string>>;
  } = {},
): VendorError {
  const { status, message, next } = WORDING[code];
  return new VendorError(
    status,
    { error: code, message: extra.message ?? message, next: extra.next ?? next, ...extra.context },
    { headers: extra.headers ?? {} },
  );
}

/** 402 [doc], with `balance` and `needed`. */
export const insufficientCredits = (balance: number, needed: number): VendorError =>
  failure("INSUFFICIENT_CREDITS", { context: { balance, needed } });

/** 403 for the Free and Standard plans [doc]. */
export const tierLocked = (): VendorError => failure("TIER_LOCKED");

/** 403 with `model` [doc]; also for a slug that does not exist [inferred]. */
export const modelNotAllowed = (model: string): VendorError => failure("MODEL_NOT_ALLOWED", { context: { model } });

/** 403 for another account's generation [seed]. */
export const notYours = (): VendorError => failure("NOT_YOURS");

/** 404 for an unknown or expired generation [seed]. */
export const notFound = (): VendorError => failure("NOT_FOUND");

/** 400 with the parameter at fault [inferred: the validation section of the documentation could not be read]. */
export const invalidParam = (param: string | undefined, message: string): VendorError =>
  failure("INVALID_PARAMS", { message, ...(param !== undefined && { context: { param } }) });

/** 429 for too many jobs in flight [doc]. */
export const concurrencyLimit = (): VendorError => failure("CONCURRENCY_LIMIT");

export const errors: VendorErrors = {
  // The errors page has UNAUTHORIZED for a missing header. The credits page has KEY_INVALID for a bad or missing key, so
  // that the code of a missing key is [inferred].
  unauthorized: (problem) =>
    failure(problem === "missing" ? "UNAUTHORIZED" : problem === "revoked" ? "KEY_REVOKED" : "KEY_INVALID"),
  routeNotFound: (method, path) =>
    failure("NOT_FOUND", { message: `There is no ${method} ${path}.`, next: "Check the path." }),
  invalid: ([first]: readonly RequestIssue[]) => {
    if (first === undefined) return invalidParam(undefined, "The request is not valid.");
    const [param] = first.path;
    const what = param === undefined ? "The body" : first.path.join(".");
    return invalidParam(param, `${what} ${first.isMissing ? "is required" : first.message}.`);
  },
  malformedBody: () => invalidParam(undefined, "The body is not valid JSON."),
  unsupportedMediaType: () => invalidParam(undefined, "The body must be application/json."),
  bodyTooLarge: () =>
    new VendorError(413, {
      error: "INVALID_PARAMS",
      message: "The body is too large.",
      next: WORDING.INVALID_PARAMS.next,
    }),
  rateLimited,
  internal: () => failure("INTERNAL_ERROR"),
  byCode: (code, request) => (isErrorCode(code) ? provoked(code, request) : undefined),
  codes: Object.keys(WORDING),
};

function rateLimited(retryAfterSeconds: number): VendorError {
  return failure("RATE_LIMITED", { headers: { "retry-after": String(retryAfterSeconds) } });
}

/**
 * Builds the error of a code with the fields that the documentation shows beside it, for a request that may be valid.
 */
function provoked(code: ErrorCode, request: FastifyRequest | undefined): VendorError {
  switch (code) {
    case "INSUFFICIENT_CREDITS": {
      const balance = request === undefined ? 0 : balanceOf(stateOf(request.account, request.now));
      // The balance plus 211, the documented estimate of one image.
      return insufficientCredits(balance, balance + 211);
    }
    case "MODEL_NOT_ALLOWED":
      return modelNotAllowed(modelIn(request?.body) ?? "video-cinematic-4k");
    case "INVALID_PARAMS":
      return invalidParam("prompt", "prompt is not valid.");
    case "RATE_LIMITED":
      return rateLimited(secondsToNextMinute(request?.now ?? 0));
    default:
      return failure(code);
  }
}

function modelIn(body: unknown): string | undefined {
  const model = typeof body === "object" && body !== null && "model" in body ? body.model : undefined;
  return typeof model === "string" ? model : undefined;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(WORDING, code);
}
