/** Whether clients asked what a test expects: how often, in which order, or not at all. */
import { z } from "zod";
import type { Sandbox } from "../engine/sandbox.ts";
import type { Difference } from "../engine/patterns.ts";
import { compileMatch, requestMatch, type MatchSubject } from "../engine/request-match.ts";
import type { Journal, JournalEntry } from "../http/journal.ts";
import { pathOf } from "../http/paths.ts";
import { short } from "../http/wording.ts";
import { showInstant } from "./instants.ts";

/** What a verification looks for: a match, and how the exchange went. */
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
 * Whether a count settles the matter before time is up: too many never become fewer, and enough are enough. Only what
 * must not happen (`never`, `atMost`) has to be waited out.
 */
export function isSettled(count: number, { min, max }: Bounds): boolean {
  return count > max || (min > 0 && count >= min);
}

export type Finder = (entry: JournalEntry) => Difference | undefined;

/** The first field in which an entry differs from what is wanted. */
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

export const nearMiss = z.strictObject({
  id: z.int(),
  request: z.string().meta({ description: "Such as `POST /api/v1/generate`" }),
  at: z.string(),
  state: z.string(),
  status: z.int().nullable(),
  field: z.string().meta({ description: "The first field that differs, such as `body.input[0].url`" }),
  expected: z.unknown(),
  actual: z.unknown(),
  difference: z.string().meta({ description: "The same in words" }),
});

export type NearMiss = z.output<typeof nearMiss>;

/** Fields in the order in which they are compared: an entry that differs in a later one is nearer. */
const FIELDS = [
  "vendor",
  "operation",
  "method",
  "path",
  "account",
  "label",
  "generation",
  "headers",
  "body",
  "status",
  "state",
];

/** The entries that come nearest without matching, at most three, the latest of equals first. */
export function nearestMisses(entries: readonly JournalEntry[], find: Finder): NearMiss[] {
  const misses: { entry: JournalEntry; difference: Difference; nearness: number }[] = [];
  for (const entry of entries) {
    const difference = find(entry);
    if (difference !== undefined) misses.push({ entry, difference, nearness: nearnessOf(difference) });
  }
  return misses
    .sort((a, b) => b.nearness - a.nearness || b.entry.id - a.entry.id)
    .slice(0, 3)
    .map(({ entry, difference }) => showMiss(entry, difference));
}

function nearnessOf({ path }: Difference): number {
  const depth = path.split(/[.[]/).length;
  return (
    FIELDS.findIndex((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)) +
    depth / 100
  );
}

function showMiss(entry: JournalEntry, { path, expected, actual }: Difference): NearMiss {
  return {
    id: entry.id,
    request: `${entry.method} ${entry.url}`,
    at: showInstant(entry.at),
    state: entry.state,
    status: entry.status ?? null,
    field: path,
    expected,
    actual: actual ?? null,
    difference: inWords(entry, path, expected, actual),
  };
}

function inWords(entry: JournalEntry, path: string, expected: unknown, actual: unknown): string {
  if (path.startsWith("body") && entry.requestBody === undefined && entry.requestBytes > 0)
    return `its body of ${entry.requestBytes} bytes was too large to be kept, so it cannot be compared`;
  if (path === "body" && actual === undefined) return `it has no body, expected ${short(expected)}`;
  if (actual === undefined) return `${path} is missing, expected ${short(expected)}`;
  if (Array.isArray(actual) && !Array.isArray(expected) && !isOperators(expected))
    return `${path} is a list of ${actual.length}, expected ${short(expected)}; write [${short(expected)}] for its first item, or {"$contains": …}`;
  return `${path} is ${short(actual)}, expected ${short(expected)}`;
}

function isOperators(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).some((name) => name.startsWith("$"));
}

/** What else a developer should know when fewer were found than expected. */
export function hints(sandbox: Sandbox, journal: Journal, strayCount: number): string[] {
  const lines: string[] = [];
  if (strayCount > 0)
    lines.push(
      `${strayCount} ${strayCount === 1 ? "request" : "requests"} reached no sandbox or no route: see GET /_fauxgen/requests/unassigned.`,
    );
  if (journal.evicted > 0)
    lines.push(
      `The journal dropped ${journal.evicted} older requests to stay within its bounds; raise --journal-entries.`,
    );
  if (sandbox.waiters.count > 0) lines.push(`${sandbox.waiters.count} requests are being held: see GET waiters.`);
  return lines;
}
