/** Defines Acme's errors: each has a code and a text, and gets a request id when it is sent. */
import { secondsToNextMinute } from "../../../src/engine/base/calendar.ts";
import { VendorError, type RequestIssue, type VendorErrors } from "../../../src/http/errors/vendor-error.ts";

const WORDING = {
  bad_key: { status: 401, message: "The key is missing or unknown." },
  key_revoked: { status: 401, message: "The key was revoked." },
  no_credits: { status: 402, message: "The account has too few credits." },
  no_plan: { status: 403, message: "The account has no plan." },
  not_found: { status: 404, message: "This was not found." },
  bad_request: { status: 400, message: "The request is not valid." },
  bad_model: { status: 400, message: "This model does not exist." },
  too_large: { status: 413, message: "The body is too large." },
  not_json: { status: 415, message: "The body is not JSON." },
  slow_down: { status: 429, message: "The account sent too many requests." },
  internal: { status: 500, message: "Something went wrong." },
  unavailable: { status: 503, message: "All pens are in use." },
} as const;

type ErrorCode = keyof typeof WORDING;

function failure(code: ErrorCode, context: Readonly<Record<string, unknown>> = {}): VendorError {
  const { status, message } = WORDING[code];
  return new VendorError(status, { code, message, ...context });
}

/** Returns 402 with the credits that the account has and the job needs. */
export const noCredits = (credits: number, needed: number): VendorError => failure("no_credits", { credits, needed });

/** Returns 403 for an account without a plan. */
export const noPlan = (): VendorError => failure("no_plan");

/** Returns 404 for an unknown job, and for a job of another account. */
export const notFound = (): VendorError => failure("not_found");

/** Returns 400 for an unknown model. */
export const badModel = (model: string): VendorError => failure("bad_model", { model });

export const errors: VendorErrors = {
  unauthorized: (problem) => failure(problem === "revoked" ? "key_revoked" : "bad_key"),
  routeNotFound: () => failure("not_found"),
  invalid: (issues: readonly RequestIssue[]) =>
    failure("bad_request", { problems: issues.map(({ path, message }) => `${path.join(".")} ${message}`) }),
  malformedBody: () => failure("bad_request"),
  unsupportedMediaType: () => failure("not_json"),
  bodyTooLarge: () => failure("too_large"),
  rateLimited,
  internal: () => failure("internal"),
  byCode: (code, request) => {
    if (code === "slow_down") return rateLimited(secondsToNextMinute(request?.now ?? 0));
    return isErrorCode(code) ? failure(code) : undefined;
  },
  codes: Object.keys(WORDING),
};

function rateLimited(retryAfterSeconds: number): VendorError {
  const { status, message } = WORDING.slow_down;
  return new VendorError(
    status,
    { code: "slow_down", message },
    { headers: { "retry-after": String(retryAfterSeconds) } },
  );
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(WORDING, code);
}
