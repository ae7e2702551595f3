import type { FastifyRequest } from "fastify";
import type { DiagnosticCode } from "../journal/diagnostics.ts";
import type { FixtureLibrary } from "../../fixtures/library.ts";

/** An answer that a vendor words itself; thrown by handlers, rendered by the vendor's error handler. */
export class VendorError extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** Explains to a person, beside the vendor's body, what went wrong here. */
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

  /** The same answer with an explanation beside it. */
  explained(code: DiagnosticCode, text?: string): VendorError {
    const diagnostic = text === undefined ? { code } : { code, text };
    return new VendorError(this.status, this.body, { headers: this.headers, diagnostic });
  }
}

/** Why a key was not taken. */
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
  /** Whether the value was not there at all. */
  readonly isMissing: boolean;
}

/** How a vendor words the errors that do not depend on a route. */
export interface VendorErrors {
  readonly unauthorized: (problem: KeyProblem) => VendorError;
  /** A path or method that the vendor does not have. */
  readonly routeNotFound: (method: string, path: string) => VendorError;
  readonly invalid: (issues: readonly RequestIssue[]) => VendorError;
  readonly malformedBody: () => VendorError;
  readonly unsupportedMediaType: () => VendorError;
  readonly bodyTooLarge: () => VendorError;
  /** The answer to one request too many, `request`, by whose sandbox it may differ. */
  readonly rateLimited: (retryAfterSeconds: number, request?: FastifyRequest) => VendorError;
  readonly internal: () => VendorError;
  /**
   * The error of this documented code, for faults that ask for it; undefined when the vendor has no such code. What it
   * says beside its text is of the request that it answers, or as in the documentation's samples without one.
   */
  readonly byCode: (code: string, request?: FastifyRequest) => VendorError | undefined;
  /** The error as a catalogue of the user's words it; absent where no catalogue has words of errors. */
  readonly reword?: (error: VendorError, fixtures: FixtureLibrary) => VendorError;
  /** Every code that {@link byCode} knows. */
  readonly codes: readonly string[];
}
