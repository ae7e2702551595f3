/**
 * Describes which requests a rule or a verification selects. Every field narrows; an empty match selects every request.
 */
import { z } from "zod";
import { notKept } from "./elided.ts";
import type { MatchingWork } from "./linear-pattern.ts";
import { normalPath } from "./normal-path.ts";
import { LONGEST_PATH_PATTERN, pathPattern } from "./path-pattern.ts";
import { countDifferences, decidedFirst, firstDifference, flawOf, type Difference } from "./patterns.ts";

const label = z.string().regex(/^[A-Za-z0-9_.-]+$/, "a label has only letters, digits and _ . -");

/** Any JSON with known operators. */
const pattern = z
  .unknown()
  .superRefine((value, context) => {
    const flaw = flawOf(value);
    if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw.replace(/^: /, "") });
  })
  .meta({
    description:
      'JSON that the request must contain, with operators: {"$gt": 5}, {"$regex": "^a"}, {"$exists": false}, $eq, $ne, $gte, $lt, $lte, $in, $nin, $contains, $size, $length, $sha256',
  });

/** A text, or an object of operators. */
const operator = z.string().startsWith("$", "operators begin with $, as $regex does");
const textPattern = z.union([z.string(), z.record(operator, z.unknown())]).and(pattern);
const pathText = z.union([z.string().max(LONGEST_PATH_PATTERN), z.record(operator, z.unknown())]).and(pattern);

export const requestMatch = z.strictObject({
  vendor: z.string().optional(),
  operation: z.string().optional(),
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .optional(),
  path: pathText.optional().meta({
    description:
      "Path without its query: exact, or with `*` or `:name` for one segment and `**` for any rest, or operators",
  }),
  query: z.record(z.string(), pattern).optional().meta({
    description:
      'Query parameters, each as sent ("true") or as the vendor reads it (true, 30, ["A"]), with the same operators as a body',
  }),
  headers: z
    .record(
      z.string().transform((name) => name.toLowerCase()),
      textPattern,
    )
    .optional(),
  account: textPattern.optional(),
  label: z.union([label, z.record(operator, z.unknown()).and(pattern)]).optional(),
  generation: z.string().optional().meta({ description: "Id of a generation that the request is about" }),
  body: pattern.optional(),
});

export type RequestMatch = z.output<typeof requestMatch>;

/** The facts of a request that a match compares. */
export interface MatchSubject {
  readonly vendor: string | undefined;
  readonly operation: string | undefined;
  readonly method: string;
  /** The routed path in its normal form; {@link notKept} if only the route is known. */
  readonly path: string | typeof notKept;
  readonly query: RequestQuery | typeof notKept;
  readonly headers: Readonly<Record<string, unknown>> | typeof notKept;
  readonly account: string | undefined;
  /** The parsed body in any form, with long strings possibly shortened; {@link notKept} if it is not known. */
  readonly body: unknown;
  /** Looked up only if a match needs it. */
  readonly label: () => string | undefined | typeof notKept;
  readonly generations: () => readonly string[] | typeof notKept;
  /** The work that all comparisons of this request may take. */
  readonly work: MatchingWork;
}

/** The query of a request: its parameters as sent, and as the vendor reads them. */
export interface RequestQuery {
  readonly sent: Readonly<Record<string, unknown>>;
  readonly read: Readonly<Record<string, unknown>>;
}

/** Compares a request with one compiled match; returns the first difference. */
export type Matcher = (subject: MatchSubject) => Difference | undefined;

/** The fields of a match, in the order of comparison: a request that differs only in a later field is nearer. */
export const matchFields = [
  "vendor",
  "operation",
  "method",
  "path",
  "account",
  "label",
  "generation",
  "query",
  "headers",
  "body",
] as const satisfies readonly (keyof RequestMatch)[];

/**
 * Compiles a match into a matcher, which returns the first difference in the order of {@link matchFields}. A difference
 * that cannot be decided is returned only if there is no other.
 */
export function compileMatch(match: RequestMatch): Matcher {
  const checks = matchFields.flatMap((field) => (match[field] === undefined ? [] : [checkOf(field, match)]));
  return (subject) => decidedFirst(checks, (check) => check(subject));
}

/**
 * Returns in how many places a request differs from a match, to find the nearest among requests with the same first
 * difference.
 */
export function countMismatches(match: RequestMatch, subject: MatchSubject): number {
  return matchFields
    .filter((field) => match[field] !== undefined)
    .map((field) => {
      if (field === "body" || field === "headers") return countDifferences(match[field], subject[field], subject.work);
      return checkOf(field, match)(subject) === undefined ? 0 : 1;
    })
    .reduce((sum, count) => sum + count, 0);
}

function checkOf(field: (typeof matchFields)[number], match: RequestMatch): Matcher {
  const wanted = match[field];
  switch (field) {
    case "vendor":
    case "operation":
    case "method":
      return (subject) =>
        subject[field] === wanted ? undefined : { path: field, expected: wanted, actual: subject[field] };
    case "path": {
      if (typeof wanted !== "string") return (subject) => firstDifference(wanted, subject.path, field, subject.work);
      const pattern = pathPattern(normalPath(wanted));
      return ({ path, work }) => {
        if (typeof path !== "string") return differs(field, wanted, path);
        if (!work.spend(path.length * pattern.size))
          return { path: field, expected: wanted, actual: path, isUndecided: true };
        return pattern.test(path) ? undefined : differs(field, wanted, path);
      };
    }
    case "generation":
      return (subject) => {
        const about = subject.generations();
        if (about === notKept) return differs(field, wanted, about);
        return about.some((id) => id === wanted) ? undefined : differs(field, wanted, about[0]);
      };
    case "label":
      return (subject) => firstDifference(wanted, subject.label(), field, subject.work);
    case "query":
      return ({ query, work }) => queryDifference(match.query ?? {}, query, work);
    case "account":
    case "headers":
    case "body":
      return (subject) => firstDifference(wanted, subject[field], field, subject.work);
  }
}

/** Compares each parameter as the vendor reads it and as it was sent; one of them must match. */
function queryDifference(
  wanted: Readonly<Record<string, unknown>>,
  query: MatchSubject["query"],
  work: MatchingWork,
): Difference | undefined {
  if (query === notKept) return differs("query", wanted, notKept);
  return decidedFirst(Object.entries(wanted), ([name, part]) => {
    const path = `query.${name}`;
    const difference = firstDifference(part, query.read[name], path, work);
    return difference === undefined ? undefined : firstDifference(part, query.sent[name], path, work);
  });
}

function differs(path: string, expected: unknown, actual: unknown): Difference {
  return actual === notKept ? { path, expected, actual, isUndecided: true } : { path, expected, actual };
}
