/**
 * Defines affogato's errors. No page shows an error. Only the shape of `err` [doc: assets/archive_asset] and one code,
 * GE09 [client: SelfAI], are known. Statuses, `data: null`, the other codes of that family and all other texts are
 * [inferred].
 */
import { secondsToNextMinute } from "../../engine/base/calendar.ts";
import { VendorError, type RequestIssue, type VendorErrors } from "../../http/errors/vendor-error.ts";

const WORDING = {
  GE01: { status: 401, message: "Invalid API key" },
  GE02: { status: 402, message: "Insufficient credits" },
  GE03: { status: 400, message: "Invalid request" },
  GE04: { status: 404, message: "Not found" },
  GE05: { status: 400, message: "Invalid model" },
  GE06: { status: 400, message: "Invalid loras" },
  GE07: { status: 400, message: "Invalid control net" },
  GE08: { status: 400, message: "Invalid batch size" },
  GE09: { status: 400, message: "Invalid styles" },
  GE10: { status: 400, message: "Invalid asset" },
  GE11: { status: 400, message: "Invalid character" },
  GE12: { status: 400, message: "Invalid voice" },
  GE13: { status: 413, message: "Request too large" },
  GE14: { status: 429, message: "Too many requests" },
  GE15: { status: 500, message: "Internal server error" },
} as const;

type ErrorCode = keyof typeof WORDING;

function failure(code: ErrorCode, message?: string, headers: Readonly<Record<string, string>> = {}): VendorError {
  const wording = WORDING[code];
  return new VendorError(
    wording.status,
    { data: null, err: { code, message: message ?? wording.message } },
    { headers },
  );
}

/** 402 for a price above the balance [inferred: 402 or 403]. */
export const insufficientCredits = (): VendorError => failure("GE02");

/** 400 for a value at `path` that cannot be used [inferred]. */
export const invalidField = (path: string, problem: string): VendorError => failure("GE03", `${path} ${problem}`);

/** 404 for a generation, media item, asset or character that the account does not have [inferred]. */
export const notFound = (what: string): VendorError => failure("GE04", `${what.trim()} not found`);

/** 400 for a model that does not exist [inferred]. */
export const invalidModel = (): VendorError => failure("GE05");

/** 400 for a lora that does not exist or has another base model than the style or model [doc: must match; inferred: the answer]. */
export const invalidLoras = (): VendorError => failure("GE06");

/** 400 for a control net that does not exist [inferred]. */
export const invalidControlNet = (): VendorError => failure("GE07");

/** 400 for a batch above the plan's maximum [doc: there is one; inferred: the answer]. */
export const invalidBatchSize = (max: number): VendorError =>
  failure("GE08", `batch_size must be ${max === 1 ? "1" : `between 1 and ${max}`} on your plan`);

/**
 * 400 for a style that does not exist, or for a bare name that several base models share [client; the status is
 * inferred].
 */
export const invalidStyles = (): VendorError => failure("GE09");

/** 400 for an asset that does not exist or cannot be used here [inferred]. */
export const invalidAsset = (id: string, problem: string): VendorError =>
  failure("GE10", `${id === "" ? "Asset" : `Asset ${id}`} ${problem}`);

/** 400 for a character that does not exist, or whose name is taken [doc: names are unique; inferred: the answer]. */
export const invalidCharacter = (problem?: string): VendorError => failure("GE11", problem);

/** 400 for a voice that does not exist [inferred]. */
export const invalidVoice = (): VendorError => failure("GE12");

export const errors: VendorErrors = {
  unauthorized: (problem) => failure("GE01", problem === "missing" ? "API key is missing" : undefined),
  routeNotFound: () => failure("GE04"),
  invalid: ([first]: readonly RequestIssue[]) => {
    if (first === undefined) return failure("GE03");
    const what = first.path.length === 0 ? "The body" : first.path.join(".");
    return failure("GE03", `${what} ${first.isMissing ? "is required" : first.message}`);
  },
  malformedBody: () => failure("GE03", "The body is not valid JSON"),
  unsupportedMediaType: () => failure("GE03", "Content-Type must be application/json"),
  bodyTooLarge: () => failure("GE13"),
  rateLimited,
  internal: () => failure("GE15"),
  byCode: (code, request) => {
    if (code === "GE14") return rateLimited(secondsToNextMinute(request?.now ?? 0));
    return isErrorCode(code) ? failure(code) : undefined;
  },
  codes: Object.keys(WORDING),
};

function rateLimited(retryAfterSeconds: number): VendorError {
  return failure("GE14", undefined, { "retry-after": String(retryAfterSeconds) });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(WORDING, code);
}
