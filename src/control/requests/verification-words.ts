/** Words the error of a failed verification: the expectation, the nearest requests, and hints about other causes. */
import { ageInWords } from "../../wording/age.ts";
import { nearestNames } from "../../wording/nearest.ts";
import type { Difference } from "../../engine/rule/patterns.ts";
import { notKept } from "../../engine/rule/elided.ts";
import { matchFields } from "../../engine/rule/request-match.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import type { UnassignedReason, UnassignedRequest } from "../../http/journal/unassigned.ts";
import type { HttpContext } from "../../http/request/vendor-http.ts";
import { adviceOn, short } from "../../wording/field-errors.ts";
import { frozenInWords } from "../clock/frozen-in-words.ts";
import { showInstant } from "../instants.ts";
import { countOf } from "../listing.ts";
import {
  finderOf,
  mismatchesIn,
  type Bounds,
  type Finder,
  type Undecided,
  type WantedRequest,
} from "./verification.ts";

/** A request that nearly matched, with its first difference. */
export interface NearMiss {
  readonly id: number;
  /** The method and path of the request, such as `POST /api/v1/generate`. */
  readonly request: string;
  readonly at: string;
  readonly state: string;
  readonly status: number | null;
  /** The first field that differs, such as `body.input[0].url`. */
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;
  /** The difference in words. */
  readonly difference: string;
}

/** How many requests are listed individually. */
const MOST = { misses: 3, found: 5, unassigned: 3 } as const;

const FIELDS: readonly string[] = [...matchFields, "status", "state"];

/**
 * Returns the nearest entries that do not match, at most three. The order is: the latest first difference; another
 * value there before a missing one; the fewest differences; the deepest difference; the latest entry.
 */
export function nearestMisses(
  context: Pick<HttpContext, "routes">,
  entries: readonly JournalEntry[],
  find: Finder,
  wanted: WantedRequest,
): NearMiss[] {
  const misses: { entry: JournalEntry; difference: Difference; nearness: readonly number[] }[] = [];
  for (const entry of entries) {
    const difference = find(entry);
    if (difference === undefined) continue;
    const { path, actual } = difference;
    const isThere = Number(actual !== undefined);
    const depth = path.split(/[.[]/).length;
    misses.push({
      entry,
      difference,
      nearness: [rankOf(path), isThere, -mismatchesIn(wanted, entry), depth, entry.id],
    });
  }
  return misses
    .sort((a, b) => compareNearness(b.nearness, a.nearness))
    .slice(0, MOST.misses)
    .map(({ entry, difference: { path, expected, actual } }) => ({
      id: entry.id,
      request: requestOf(entry),
      at: showInstant(entry.at),
      state: entry.state,
      status: entry.status ?? null,
      field: path,
      expected,
      actual: actual === notKept ? null : (actual ?? null),
      difference: differenceInWords(context, entry, { path, expected, actual }),
    }));
}

function compareNearness(a: readonly number[], b: readonly number[]): number {
  return a.map((part, index) => part - (b[index] ?? 0)).find((apart) => apart !== 0) ?? 0;
}

function rankOf(path: string): number {
  return FIELDS.indexOf(path.split(/[.[]/, 1)[0] ?? path);
}

function differenceInWords(
  { routes }: Pick<HttpContext, "routes">,
  entry: JournalEntry,
  { path, expected, actual }: Difference,
): string {
  if (path === "operation" && entry.operation === undefined) {
    const own = routes.filter(({ vendor }) => vendor === entry.vendor).map(({ path: known }) => known);
    const near = nearestNames(entry.path, own);
    return `the vendor has no such route${near.length > 0 ? `. ${adviceOn(near, own)}` : ""}`;
  }
  if (actual === notKept) return `${whyNotKept(entry)}, so it cannot be compared`;
  if (path === "body" && typeof actual === "string" && typeof expected === "object")
    return `its body was not read as JSON${codesIn(entry)}; it is the text ${short(actual)}`;
  if (path === "body" && actual === undefined) return `it has no body, expected ${short(expected)}`;
  if (actual === undefined) return `${path} is missing, expected ${short(expected)}`;
  if (Array.isArray(actual) && !Array.isArray(expected) && !isOperators(expected))
    return `${path} is a list of ${actual.length}, expected ${short(expected)}; write [${short(expected)}] for its first item, or {"$contains": …}`;
  return `${path} is ${short(actual)}, expected ${short(expected)}`;
}

/** Says why the body of a request was not kept: `its body of 9 bytes was not read (KEY_REVOKED)`. */
function whyNotKept(entry: JournalEntry): string {
  const { requestBytes, requestBodyKept } = entry;
  const body = requestBytes === 0 ? "its body" : `its body of ${requestBytes} bytes`;
  if (requestBodyKept === "no") return `${body} was too large to keep`;
  return `${body} was not read${codesIn(entry)}`;
}

/** Returns the codes of a request's diagnostics in parentheses, or nothing. */
function codesIn({ diagnostics = [] }: JournalEntry): string {
  return diagnostics.length === 0 ? "" : ` (${diagnostics.map(({ code }) => code).join(", ")})`;
}

function isOperators(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).some((name) => name.startsWith("$"));
}

/** Returns a request's method and URL: `POST /api/v1/generate`. */
function requestOf({ method, url }: JournalEntry): string {
  return `${method} ${url}`;
}

/** Returns a line about a request: `request 3, POST /api/v1/generate (201)`. */
export function lineOf(entry: JournalEntry): string {
  return `request ${entry.id}, ${requestOf(entry)} (${entry.status ?? entry.state})`;
}

/** Returns a line about the nearest request, and about others that first differ in the same field. */
export function missesInWords(nearest: readonly NearMiss[]): string[] {
  const [first] = nearest;
  if (first === undefined) return [];
  const haveKin = rankOf(first.field) > FIELDS.indexOf("method");
  const isKin = ({ field, actual }: NearMiss): boolean =>
    rankOf(field) === rankOf(first.field) && (actual === null) === (first.actual === null);
  const kin = nearest.filter((miss) => miss === first || (haveKin && isKin(miss)));
  return kin.map(
    ({ id, request, status, state, difference }, index) =>
      `${index === 0 ? "Nearest" : "Then"}: request ${id}, ${request} (${status ?? state}): ${difference.replace(/([^?])$/, "$1.")}`,
  );
}

/** Returns a line for each kind of request that may have matched. */
export function undecidedInWords({ entries, dropped }: Undecided): string[] {
  const lines = entries
    .slice(0, MOST.found)
    .map(({ entry, difference: { path, actual } }) =>
      actual === notKept
        ? `${upperFirst(lineOf(entry))} could match: ${whyNotKept(entry)}.`
        : `${upperFirst(lineOf(entry))} could match: only the beginning, the length and the hash of ${path} were kept; use $eq, $length or $sha256.`,
    );
  if (entries.length > lines.length) lines.push(`${entries.length - lines.length} more could match.`);
  if (dropped > 0)
    lines.push(
      `${countOf(dropped, "requests")} that the journal dropped to stay within its bounds could match; raise --journal-entries or --journal-bytes, or clear the journal earlier.`,
    );
  return lines;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Returns a line about the found requests: `Found: request 3, …; request 4, …`. */
export function foundInWords(found: readonly JournalEntry[]): string[] {
  if (found.length === 0) return [];
  const rest = found.length > MOST.found ? ` and ${found.length - MOST.found} more` : "";
  return [`Found: ${found.slice(0, MOST.found).map(lineOf).join("; ")}${rest}.`];
}

export function expectedInWords({ min, max }: Bounds): string {
  if (max === 0) return "no request like";
  if (min === max) return `exactly ${countOf(min, "requests")} like`;
  if (!Number.isFinite(max)) return `at least ${countOf(min, "requests")} like`;
  return min === 0 ? `at most ${countOf(max, "requests")} like` : `${min} to ${max} requests like`;
}

export function wantedInWords(wanted: WantedRequest): string {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "any request";
  return `{${given.map(([name, value]) => `${name}: ${short(value)}`).join(", ")}}`;
}

/** Returns the request that nearly matched a rule, with its difference; null if no request came near. */
export function nearestInWords(
  context: Pick<HttpContext, "routes">,
  entries: readonly JournalEntry[],
  wanted: WantedRequest,
): string | null {
  const [near] = nearestMisses(context, entries, finderOf(wanted), wanted);
  return near === undefined ? null : `request ${near.id}, ${near.request}: ${near.difference}`;
}

/** How many of a journal's latest entries, and how many other sandboxes, are searched for a hint. */
const MOST_SEARCHED = 200;
const MOST_SANDBOXES = 50;

/** Names a request that matches in another sandbox, with its age on the host's clock. */
function elsewhereInWords(
  { journals, sandboxes, vendors }: Pick<HttpContext, "journals" | "sandboxes" | "vendors">,
  sandbox: Sandbox,
  find: Finder,
): string[] {
  const matching = sandboxes
    .all()
    .filter((other) => other !== sandbox)
    .sort((a, b) => b.usage.lastAt - a.usage.lastAt)
    .slice(0, MOST_SANDBOXES)
    .flatMap((other) =>
      journals
        .of(other)
        .entries()
        .slice(-MOST_SEARCHED)
        .filter((entry) => entry.operation !== undefined && find(entry) === undefined)
        .slice(-1)
        .map((entry) => ({ other, entry })),
    )
    .sort((a, b) => b.entry.wallAt - a.entry.wallAt);
  const [latest] = matching;
  if (latest === undefined) return [];
  const { other, entry } = latest;
  const prefix = vendors.get(entry.vendor ?? "")?.keyPrefix ?? "";
  const age = ageInWords(sandbox.wall.now() - entry.wallAt);
  return [
    `A matching request came to sandbox "${other.name}" ${age}: ${lineOf(entry)}. Give the app a key of this sandbox: ${prefix}fx_${sandbox.name}_${entry.account ?? "main"}.`,
  ];
}

/** Returns hints about other causes of an unexpected count; `find` matches the wanted request. */
export function hints(
  context: Pick<HttpContext, "journals" | "sandboxes" | "unassigned" | "vendors">,
  sandbox: Sandbox,
  find: Finder,
): string[] {
  const { journals, sandboxes } = context;
  const journal = journals.of(sandbox);
  const lines = elsewhereInWords(context, sandbox, find);
  if (lines.length === 0 && journal.entries().length === 0) {
    const others = sandboxes.all().filter((other) => other !== sandbox && journals.of(other).entries().length > 0);
    const names = others.map(({ name }) => name);
    const [near] = nearestNames(sandbox.name, names, 1);
    lines.push(
      `No request had a key of this sandbox.${near === undefined ? "" : ` Sandbox "${near}" has requests: was its key used?`}`,
    );
  }
  lines.push(...unassignedInWords(straysOf(context, sandbox), find));
  if (journal.evicted > 0)
    lines.push(
      `The journal dropped ${countOf(journal.evicted, "older requests")} to stay within its bounds; raise --journal-entries.`,
    );
  const frozen = frozenInWords(sandbox, journal.entries());
  lines.push(...frozen);
  const { count } = sandbox.heldRequests;
  if (count > 0 && frozen.length === 0)
    lines.push(`${countOf(count, "requests")} ${count === 1 ? "is" : "are"} being held: see GET waiters.`);
  return lines;
}

/** Returns the requests without a sandbox or a route that may be those of a sandbox's test. */
export function straysOf(
  { journals, sandboxes, unassigned }: Pick<HttpContext, "journals" | "sandboxes" | "unassigned">,
  sandbox: Sandbox,
): readonly UnassignedRequest[] {
  return unassigned.possiblyOf(sandbox.name, journals.of(sandbox).since, (name) => sandboxes.find(name) !== undefined);
}

/** Lists unassigned requests, the most similar and latest first, without those that have another sandbox's key. */
function unassignedInWords(possible: readonly UnassignedRequest[], find: Finder): string[] {
  if (possible.length === 0) return [];
  const likeness = (entry: JournalEntry): number => {
    const difference = find(entry);
    return difference === undefined ? FIELDS.length : rankOf(difference.path);
  };
  const named = possible
    .toReversed()
    .map((each) => ({ ...each, likeness: likeness(each.entry) }))
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, MOST.unassigned)
    .map((each) => `${requestOf(each.entry)} (${each.entry.status ?? each.entry.state}, ${causeOf(each)})`);
  const more = possible.length > named.length ? `, and ${possible.length - named.length} more` : "";
  return [
    `${countOf(possible.length, "requests")} of this server reached no sandbox or no route: ${named.join("; ")}${more}. See GET /_fauxgen/requests/unassigned.`,
  ];
}

const CAUSES = {
  "no-sandbox": "without a key of a sandbox",
  "no-route": "no route of its vendor",
  "no-vendor": "no vendor has its path",
} as const satisfies Record<UnassignedReason, string>;

function causeOf({ reason, entry: { diagnostics = [] } }: Pick<UnassignedRequest, "reason" | "entry">): string {
  return diagnostics.map(({ code }) => code).join(" ") || CAUSES[reason];
}
