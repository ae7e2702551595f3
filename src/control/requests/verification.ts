/** Checks whether clients sent the requests that a test expects, and how often. */
import { z } from "zod";
import { MatchingWork } from "../../engine/rule/linear-pattern.ts";
import type { Difference } from "../../engine/rule/patterns.ts";
import { compileMatch, countMismatches, requestMatch, type MatchSubject } from "../../engine/rule/request-match.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { pathOf } from "../../http/parsing/paths.ts";

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

export type Finder = (entry: JournalEntry) => Difference | undefined;

/** Returns a function that finds the first field in which an entry differs from the wanted request. */
export function finderOf({ status, state, ...match }: WantedRequest): Finder {
  const matcher = compileMatch(match);
  return (entry) => {
    const difference = matcher(new EntrySubject(entry));
    if (difference !== undefined) return difference;
    if (status !== undefined && entry.status !== status)
      return { path: "status", expected: status, actual: entry.status };
    if (state !== undefined && entry.state !== state) return { path: "state", expected: state, actual: entry.state };
    return undefined;
  };
}

/** Counts the fields in which an entry differs from the wanted request. */
export function mismatchesIn({ status, state, ...match }: WantedRequest, entry: JournalEntry): number {
  const isOther = Number(status !== undefined && entry.status !== status);
  return (
    countMismatches(match, new EntrySubject(entry)) + isOther + Number(state !== undefined && entry.state !== state)
  );
}

class EntrySubject implements MatchSubject {
  readonly vendor: string | undefined;
  readonly operation: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly account: string | undefined;
  readonly body: unknown;
  readonly label: () => string | undefined;
  readonly generations: () => readonly string[];
  readonly work = new MatchingWork();

  constructor(entry: JournalEntry) {
    this.vendor = entry.vendor;
    this.operation = entry.operation;
    this.method = entry.method;
    this.path = pathOf(entry.url);
    this.headers = entry.requestHeaders;
    this.account = entry.account;
    this.body = entry.requestBody;
    this.label = () => entry.label;
    this.generations = () => entry.generations ?? [];
  }
}
