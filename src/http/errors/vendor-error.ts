/** Defines errors in a vendor's own words, and the set of errors that every vendor provides. */
import type { FastifyRequest } from "fastify";
import type { DiagnosticCode } from "../journal/diagnostics.ts";
import type { FixtureLibrary } from "../../fixtures/library.ts";

/** An error answer in the vendor's own words; handlers throw it and the vendor's error handler sends it. */
export class VendorError extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Explains to the user what went wrong; it is sent beside the vendor's body. */
  readonly diagnostic: { readonly code: DiagnosticCode; readonly text?: string } | undefined;

  constructor(
    status: number,
    body: unknown,
    options: { headers?: Readonly<Record<string, string>>; diagnostic?: { code: DiagnosticCode; text?: string } } = {},
  ) {
    super(`${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
    this.headers = options.headers ?? {};
    this.diagnostic = options.diagnostic;
  }

  /** Returns the same answer with a diagnostic. */
  explained(code: DiagnosticCode, text?: string): VendorError {
    const diagnostic = text === undefined ? { code } : { code, text };
    return new VendorError(this.status, this.body, { headers: this.headers, diagnostic });
  }
}

/** The reason why a key is refused. */
export type KeyProblem = "missing" | "malformed" | "unknown" | "revoked";

/** One thing wrong with a request, in the terms of the request. */
export interface RequestIssue {
  readonly where: "body" | "querystring" | "params" | "headers";
  /** Path to the value, such as `["input", "0", "url"]`; empty for the whole. */
  readonly path: readonly string[];
  /** What is wrong, as a phrase that follows the field's name: `must be a string`. */
  readonly message: string;
  /** zod's code, such as `invalid_type`, `unrecognized_keys`, `too_big`, or `custom`. */
  readonly code: string;
  /** Whether the value was absent. */
  readonly isMissing: boolean;
}

/** How a vendor words the errors that do not depend on a route. */
export interface VendorErrors {
  readonly unauthorized: (problem: KeyProblem) => VendorError;
  /** A path or method that the vendor does not have. */
  readonly routeNotFound: (method: string, path: string) => VendorError;
  readonly invalid: (issues: readonly RequestIssue[]) => VendorError;
  readonly malformedBody: () => VendorError;
  /** A multipart form that is cut off or is not one; as {@link malformedBody} if absent. */
  readonly malformedForm?: () => VendorError;
  readonly unsupportedMediaType: () => VendorError;
  readonly bodyTooLarge: () => VendorError;
  /** Returns the answer to a request over the limit; it may depend on the sandbox of `request`. */
  readonly rateLimited: (retryAfterSeconds: number, request?: FastifyRequest) => VendorError;
  readonly internal: () => VendorError;
  /**
   * Returns the error of a documented code, for faults that name it; undefined when the vendor has no such code. Fields
   * beside its text describe `request`; without a request they are those of the documentation's samples.
   */
  readonly byCode: (code: string, request?: FastifyRequest) => VendorError | undefined;
  /** Returns the error with the text of the user's catalogue; absent if no catalogue has texts of errors. */
  readonly reword?: (error: VendorError, fixtures: FixtureLibrary) => VendorError;
  /** The codes that {@link byCode} accepts. */
  readonly codes: readonly string[];
}
