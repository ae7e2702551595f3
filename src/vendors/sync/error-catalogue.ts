/**
 * The codes behind GET /v2/errors, in the catalogue's own order, and the codes that only other pages name. Codes are
 * sync's; messages and suggestions are ours but for those that a source quotes, since no page that could be read has them.
 */
import { z } from "zod";
import { FixtureLibrary, type Fixture } from "../../http/fixture-library.ts";

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

/** The shipped wording, for answers that are thrown; what a user's folder adds is only listed. */
const shipped = new FixtureLibrary().mapOf(errorCatalogue);

export const errorEntries: readonly ErrorEntry[] = [...shipped.values()];

export function errorEntryOf(code: string): ErrorEntry | undefined {
  return shipped.get(code);
}
