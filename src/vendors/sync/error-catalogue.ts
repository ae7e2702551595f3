/**
 * The codes behind GET /v2/errors, in the catalogue's own order, and the codes that only other pages name. Codes are
 * sync's; messages and suggestions are ours but for those that a source quotes, since no page that could be read has them.
 */
import { z } from "zod";
import { VendorError } from "../../http/errors/vendor-error.ts";
import { FixtureLibrary, type Fixture } from "../../fixtures/library.ts";

const errorEntry = z.strictObject({
  code: z.string(),
  message: z.string(),
  suggestion: z.string(),
  /** The HTTP status it usually comes with; absent for codes that only jobs end with. */
  status: z.number().int().min(400).max(599).optional(),
  /** Whether a generation can fail with it. */
  failsJobs: z.boolean().optional(),
  /** False for codes that are documented elsewhere and not in the catalogue. */
  listed: z.boolean().optional(),
});

export type ErrorEntry = z.output<typeof errorEntry>;

export const errorCatalogue: Fixture<ErrorEntry> = {
  name: "sync/errors",
  item: errorEntry,
  keyOf: ({ code }) => code,
};

/** The shipped wording, in which answers are thrown; {@link rewordError} puts that of a user's folder in its place. */
const shipped = new FixtureLibrary().mapOf(errorCatalogue);

export const errorEntries: readonly ErrorEntry[] = [...shipped.values()];

/** The entry of a code, as the given catalogues have it. */
export function errorEntryOf(code: string, fixtures?: FixtureLibrary): ErrorEntry | undefined {
  return (fixtures?.mapOf(errorCatalogue) ?? shipped).get(code);
}

const worded = z.looseObject({ errorCode: z.string(), message: z.string(), suggestion: z.string() });

/** An error in the words of the given catalogues, unless it said something of its own. */
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
