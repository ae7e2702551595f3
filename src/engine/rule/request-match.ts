/**
 * Describes which requests a rule or a verification selects. Every field narrows; an empty match selects every request.
 */
import { z } from "zod";
import type { MatchingWork } from "./linear-pattern.ts";
import { LONGEST_PATH_PATTERN, pathPattern } from "./path-pattern.ts";
import { countDifferences, firstDifference, flawOf, type Difference } from "./patterns.ts";

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
      'JSON that the request must contain, with operators: {"$gt": 5}, {"$regex": "^a"}, {"$exists": false}, $eq, $ne, $gte, $lt, $lte, $in, $nin, $contains, $size',
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
  /** Without its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly account: string | undefined;
  readonly body: unknown;
  /** Looked up only if a match needs it. */
  readonly label: () => string | undefined;
  readonly generations: () => readonly string[];
  /** The work that all comparisons of this request may take. */
  readonly work: MatchingWork;
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
  "headers",
  "body",
] as const satisfies readonly (keyof RequestMatch)[];

/** Compiles a match into a matcher, which returns the first difference in the order of {@link matchFields}. */
export function compileMatch(match: RequestMatch): Matcher {
  const checks = matchFields.flatMap((field) => (match[field] === undefined ? [] : [checkOf(field, match)]));
  return (subject) => {
    for (const check of checks) {
      const difference = check(subject);
      if (difference !== undefined) return difference;
    }
    return undefined;
  };
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
      return (subject) => (subject[field] === wanted ? undefined : differs(field, wanted, subject[field]));
    case "path": {
      if (typeof wanted !== "string") return (subject) => firstDifference(wanted, subject.path, field, subject.work);
      const pattern = pathPattern(wanted);
      return ({ path, work }) =>
        work.spend(path.length * pattern.size) && pattern.test(path) ? undefined : differs(field, wanted, path);
    }
    case "generation":
      return (subject) => {
        const about = subject.generations();
        return about.some((id) => id === wanted) ? undefined : differs(field, wanted, about[0]);
      };
    case "label":
      return (subject) => firstDifference(wanted, subject.label(), field, subject.work);
    case "account":
    case "headers":
    case "body":
      return (subject) => firstDifference(wanted, subject[field], field, subject.work);
  }
}

function differs(path: string, expected: unknown, actual: unknown): Difference {
  return { path, expected, actual };
}
