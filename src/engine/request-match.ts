/** Which requests a rule or a verification speaks of. Every field narrows; none at all matches every request. */
import { z } from "zod";
import { firstDifference, flawOf, type Difference } from "./patterns.ts";

const label = z.string().regex(/^[A-Za-z0-9_.-]+$/, "a label has only letters, digits and _ . -");

/** Any JSON, whose operators are known. */
const pattern = z
  .unknown()
  .superRefine((value, context) => {
    const flaw = flawOf(value);
    if (flaw !== undefined) context.addIssue({ code: "custom", message: flaw.replace(/^: /, "") });
  })
  .meta({
    description:
      'JSON that must be contained, with operators: {"$gt": 5}, {"$regex": "^a"}, {"$exists": false}, $eq, $ne, $gte, $lt, $lte, $in, $nin, $contains, $size',
  });

/** A text, or an object of operators. */
const operator = z.string().startsWith("$", "operators begin with $, as $regex does");
const textPattern = z.union([z.string(), z.record(operator, z.unknown())]).and(pattern);

export const requestMatch = z.strictObject({
  vendor: z.string().optional(),
  operation: z.string().optional(),
  method: z
    .string()
    .transform((method) => method.toUpperCase())
    .optional(),
  path: textPattern.optional().meta({
    description: "Path without its query: exact, or with * (or :name) for a part and ** for any rest, or operators",
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

/** What is known of a request when it is matched. */
export interface MatchSubject {
  readonly vendor: string | undefined;
  readonly operation: string | undefined;
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly account: string | undefined;
  readonly body: unknown;
  /** Looked up only when a match asks for it. */
  readonly label: () => string | undefined;
  readonly generations: () => readonly string[];
}

/** Compares requests with a match that was compiled once. */
export type Matcher = (subject: MatchSubject) => Difference | undefined;

/** The first field that differs, in the order in which a person would look; undefined when the request matches. */
export function compileMatch(match: RequestMatch): Matcher {
  const { vendor, operation, method, path, headers, account, label: wantedLabel, generation, body } = match;
  const pathPattern = typeof path === "string" ? expressionOf(path) : undefined;
  return (subject) => {
    if (vendor !== undefined && subject.vendor !== vendor) return differs("vendor", vendor, subject.vendor);
    if (operation !== undefined && subject.operation !== operation)
      return differs("operation", operation, subject.operation);
    if (method !== undefined && subject.method !== method) return differs("method", method, subject.method);
    if (pathPattern !== undefined && !pathPattern.test(subject.path)) return differs("path", path, subject.path);
    return (
      (pathPattern === undefined ? firstDifferenceOf(path, subject.path, "path") : undefined) ??
      firstDifferenceOf(account, subject.account, "account") ??
      (wantedLabel === undefined ? undefined : firstDifference(wantedLabel, subject.label(), "label")) ??
      (generation === undefined || subject.generations().includes(generation)
        ? undefined
        : differs("generation", generation, subject.generations()[0])) ??
      firstDifferenceOf(headers, subject.headers, "headers") ??
      firstDifferenceOf(body, subject.body, "body")
    );
  };
}

/** A path with wildcards as an expression over whole paths. */
export function expressionOf(path: string): RegExp {
  const source = path
    .split("/")
    .map((segment) => {
      if (segment === "**") return ".*";
      if (/^(?::\w+|\{\w+\})$/.test(segment)) return "[^/]+";
      return segment.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
    })
    .join("/");
  return new RegExp(`^${source}/?$`);
}

function firstDifferenceOf(wanted: unknown, actual: unknown, path: string): Difference | undefined {
  return wanted === undefined ? undefined : firstDifference(wanted, actual, path);
}

function differs(path: string, expected: unknown, actual: unknown): Difference {
  return { path, expected, actual };
}
