/**
 * Defines sync's error codes: those of GET /v2/errors in the vendor's order, and those that only other pages name. The
 * codes are sync's. The messages and suggestions are ours, except those that a source quotes, because no page that
 * could be read has them.
 */
import { z } from "zod";
import { VendorError } from "../../http/errors/vendor-error.ts";
import { FixtureLibrary, type Fixture } from "../../fixtures/library.ts";

const errorEntry = z.strictObject({
  code: z.string(),
  message: z.string(),
  suggestion: z.string(),
  /** The code's usual HTTP status; absent for codes that only failed jobs have. */
  status: z.number().int().min(400).max(599).optional(),
  /** Whether a generation can fail with this code. */
  failsJobs: z.boolean().optional(),
  /** False for codes that other pages document and the catalogue omits. */
  listed: z.boolean().optional(),
});

export type ErrorEntry = z.output<typeof errorEntry>;

export const errorCatalogue: Fixture<ErrorEntry> = {
  name: "sync/errors",
  item: errorEntry,
  keyOf: ({ code }) => code,
};

/**
 * The shipped wording, with which errors are thrown; {@link rewordError} replaces it with the wording of a fixtures
 * folder.
 */
const shipped = new FixtureLibrary().mapOf(errorCatalogue);

export const errorEntries: readonly ErrorEntry[] = [...shipped.values()];

/** Returns the entry of a code from the given fixtures, or else from the shipped ones. */
export function errorEntryOf(code: string, fixtures?: FixtureLibrary): ErrorEntry | undefined {
  return (fixtures?.mapOf(errorCatalogue) ?? shipped).get(code);
}

const worded = z.looseObject({ errorCode: z.string(), message: z.string(), suggestion: z.string() });

/** Returns an error with the wording of the given fixtures; keeps a text that is not the shipped one. */
export function rewordError(error: VendorError, fixtures: FixtureLibrary): VendorError {
  const parsed = worded.safeParse(error.body);
  if (!parsed.success) return error;
  const { errorCode, message, suggestion } = parsed.data;
  const [ours, theirs] = [errorEntryOf(errorCode), errorEntryOf(errorCode, fixtures)];
  if (theirs === undefined || (ours?.message === theirs.message && ours.suggestion === theirs.suggestion)) return error;
  const body = {
    ...parsed.data,
    message: message === ours?.message ? theirs.message : message,
    suggestion: suggestion === ours?.suggestion ? theirs.suggestion : suggestion,
  };
  const { status, headers, diagnostic } = error;
  return new VendorError(status, body, { headers, ...(diagnostic !== undefined && { diagnostic }) });
}
