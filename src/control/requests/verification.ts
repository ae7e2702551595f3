/** Checks whether clients sent the requests that a test expects, and how often. */
import { z } from "zod";
import type { Difference } from "../../engine/rule/patterns.ts";
import { compileMatch, countMismatches, requestMatch, type Matcher } from "../../engine/rule/request-match.ts";
import { rowSubjectsOf, subjectOf, subjectOfDropped } from "../../http/journal/entry-subject.ts";
import type { Journal, JournalEntry } from "../../http/journal/journal.ts";

/** The request that a verification looks for: a match, with the status and state of the exchange. */
export const wantedRequest = requestMatch.extend({
  status: z.int().min(100).max(599).optional(),
  state: z.enum(["arrived", "held", "answered", "gone", "dropped"]).optional(),
});

export type WantedRequest = z.output<typeof wantedRequest>;

export const wantedCount = z
  .union([
    z.int().min(0),
    z.literal("never"),
    z.strictObject({ exactly: z.int().min(0) }),
    z.strictObject({ never: z.literal(true) }),
    z.strictObject({ atLeast: z.int().min(0), atMost: z.int().min(0).optional() }),
    z.strictObject({ atMost: z.int().min(0) }),
  ])
  .refine(
    (count) => typeof count !== "object" || !("atLeast" in count) || count.atLeast <= (count.atMost ?? Infinity),
    {
      error: "atLeast is more than atMost",
    },
  )
  .default({ atLeast: 1 })
  .meta({
    description: '{"exactly": 2}, {"atLeast": 1}, {"atMost": 3}, {"atLeast": 1, "atMost": 3}, "never", or a number',
  });

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

export function boundsOf(count: z.output<typeof wantedCount>): Bounds {
  if (typeof count === "number") return { min: count, max: count };
  if (count === "never" || "never" in count) return { min: 0, max: 0 };
  if ("exactly" in count) return { min: count.exactly, max: count.exactly };
  return { min: "atLeast" in count ? count.atLeast : 0, max: count.atMost ?? Number.POSITIVE_INFINITY };
}

/**
 * Returns whether a count decides the verification before the time is up: if it is over the maximum, or has reached the
 * minimum. A verification with only a maximum (`never`, `atMost`) must wait until the time is up.
 */
export function isDecided(count: number, { min, max }: Bounds): boolean {
  return count > max || (min > 0 && count >= min);
}

/** Returns the first field in which an entry differs from the wanted request, as far as that can be told. */
export type Finder = (entry: JournalEntry) => Difference | undefined;

export function finderOf({ status, state, ...match }: WantedRequest): Finder {
  const matcher = compileMatch(match);
  return (entry) => {
    const difference = differenceOf(entry, matcher);
    if (difference !== undefined && difference.isUndecided !== true) return difference;
    return endingDifference({ status, state }, entry) ?? difference;
  };
}

/** Compares the request, and each row of a batch: a rule that matches a row matches the request. */
function differenceOf(entry: JournalEntry, matcher: Matcher): Difference | undefined {
  const whole = matcher(subjectOf(entry));
  if (whole?.path.startsWith("body") !== true) return whole;
  let nearest = whole;
  for (const row of rowSubjectsOf(entry)) {
    const difference = matcher(row);
    if (difference === undefined) return undefined;
    if (difference.isUndecided === true || nearest === whole) nearest = difference;
  }
  return nearest;
}

function endingDifference(
  { status, state }: Pick<WantedRequest, "status" | "state">,
  entry: { readonly status: number | undefined; readonly state: string },
): Difference | undefined {
  if (status !== undefined && entry.status !== status)
    return { path: "status", expected: status, actual: entry.status };
  if (state !== undefined && entry.state !== state) return { path: "state", expected: state, actual: entry.state };
  return undefined;
}

/** The requests that may have matched, because they were not kept whole. */
export interface Undecided {
  /** Kept requests with a part that was not kept. */
  readonly entries: readonly { readonly entry: JournalEntry; readonly difference: Difference }[];
  /** Number of requests that the journal had dropped, and that were not certainly different. */
  readonly dropped: number;
}

/** Finds the requests of a journal of which it cannot be told whether they are the wanted one. */
export function undecidedIn(journal: Journal, wanted: WantedRequest): Undecided {
  const find = finderOf(wanted);
  const entries = journal.entries().flatMap((entry) => {
    const difference = find(entry);
    return difference?.isUndecided === true ? [{ entry, difference }] : [];
  });
  const { status: _status, state: _state, ...match } = wanted;
  const matcher = compileMatch(match);
  const dropped = journal.dropped
    .groups()
    .filter(({ facts }) => {
      if (facts === undefined) return true;
      const difference = matcher(subjectOfDropped(facts));
      const isPossible = difference === undefined || difference.isUndecided === true;
      return isPossible && endingDifference(wanted, facts) === undefined;
    })
    .reduce((sum, { count }) => sum + count, 0);
  return { entries, dropped };
}

/** Counts the fields in which an entry differs from the wanted request. */
export function mismatchesIn({ status, state, ...match }: WantedRequest, entry: JournalEntry): number {
  const isOther = Number(status !== undefined && entry.status !== status);
  return countMismatches(match, subjectOf(entry)) + isOther + Number(state !== undefined && entry.state !== state);
}
