/**
 * Compares JSON values with patterns that may hold comparison operators.
 *
 * - An object matches an object that has at least its fields; an array matches an array that begins with its items; any
 *   other value must be equal.
 * - An object of operators (`{"$gt": 5, "$lt": 9}`) matches a value that all of them accept.
 * - A value that was not kept, or only in part, may leave a comparison undecided. Then neither answer would be true.
 */
import { isDeepStrictEqual } from "node:util";
import { charactersIn, elide, elidedParts, notKept, sha256Of, wasText } from "./elided.ts";
import { nearestNames } from "../../wording/nearest.ts";
import { MatchingWork, syntaxFlaw } from "./linear-pattern.ts";

export type Pattern = unknown;

/** Where a value first differs from a pattern. */
export interface Difference {
  /** The place, such as `body.input[0].url`. */
  readonly path: string;
  /** The wanted value, as the pattern writes it. */
  readonly expected: unknown;
  /** The actual value; undefined when it is missing. */
  readonly actual: unknown;
  /** Whether the comparison could not be decided, because the value was not kept whole. */
  readonly isUndecided?: true;
}

/** The answer of an operator; undefined when it cannot be decided. */
type Verdict = boolean | undefined;

type Operator = (actual: unknown, operand: unknown, work: MatchingWork) => Verdict;

const OPERATORS: Readonly<Record<string, Operator>> = {
  $eq: isEqual,
  $ne: (actual, operand) => !isEqual(actual, operand),
  $gt: (actual, operand) => compare(actual, operand, (order) => order > 0),
  $gte: (actual, operand) => compare(actual, operand, (order) => order >= 0),
  $lt: (actual, operand) => compare(actual, operand, (order) => order < 0),
  $lte: (actual, operand) => compare(actual, operand, (order) => order <= 0),
  $in: (actual, operand) => Array.isArray(operand) && operand.some((each) => isEqual(actual, each)),
  $nin: (actual, operand) => Array.isArray(operand) && !operand.some((each) => isEqual(actual, each)),
  $regex: (actual, operand, work) => {
    if (elidedParts(actual) !== undefined) return undefined;
    return typeof actual === "string" ? work.test(String(operand), actual) : false;
  },
  $exists: (actual, operand) => (actual !== undefined) === operand,
  $contains: contains,
  $size: (actual, operand) => Array.isArray(actual) && actual.length === operand,
  $length: (actual, operand, work) => {
    const length = typeof actual === "string" ? charactersIn(actual) : elidedParts(actual)?.length;
    return length !== undefined && firstDifference(operand, length, "", work) === undefined;
  },
  $sha256: (actual, operand) => {
    const hash = typeof actual === "string" ? sha256Of(actual) : elidedParts(actual)?.sha256;
    return hash !== undefined && hash === String(operand).toLowerCase();
  },
};

/** The characters of a text that are searched for another text in the time of one step of an expression. */
const SEARCHED_PER_STEP = 32;

export const operatorNames: readonly string[] = Object.keys(OPERATORS);

/**
/**
 * Returns the first place where `actual` differs from the pattern; undefined when it matches. A place that cannot be
 * decided, also because `work` does not suffice for it, is returned only if no other place differs.
 */
export function firstDifference(
  pattern: Pattern,
  actual: unknown,
  path = "",
  work = new MatchingWork(),
): Difference | undefined {
  if (!work.spend(1)) return differs(path, pattern, actual, true);
  if (isOperators(pattern)) {
    const verdict = matchesOperators(pattern, actual, work);
    return verdict === true ? undefined : differs(path, pattern, actual, verdict === undefined);
  }
  if (actual === notKept) return differs(path, pattern, actual, true);
  if (Array.isArray(pattern)) {
    if (!Array.isArray(actual) || actual.length < pattern.length) return differs(path, pattern, actual);
    return firstOf(pattern.entries(), (index) => `${path}[${index}]`, { actual, work });
  }
  if (isObject(pattern)) {
    if (!isObject(actual) || elidedParts(actual) !== undefined) return differs(path, pattern, actual);
    return firstOf(Object.entries(pattern), (name) => (path === "" ? name : `${path}.${name}`), { actual, work });
  }
  // A reader of JSON takes -0 as 0.
  if (pattern === actual) return undefined;
  return typeof pattern === "string" && isEqual(actual, pattern) ? undefined : differs(path, pattern, actual);
}

/** Compares each item; returns the first difference that is decided, else the first that is not. */
export function decidedFirst<Item>(
  items: Iterable<Item>,
  compareItem: (item: Item) => Difference | undefined,
): Difference | undefined {
  let undecided: Difference | undefined;
  for (const item of items) {
    const difference = compareItem(item);
    if (difference === undefined) continue;
    if (difference.isUndecided !== true) return difference;
    undecided ??= difference;
  }
  return undecided;
}

function differs(path: string, expected: unknown, actual: unknown, isUndecided = false): Difference {
  return isUndecided ? { path, expected, actual, isUndecided } : { path, expected, actual };
}

/** Returns in how many places `actual` differs from the pattern; a missing part counts as one place. */
export function countDifferences(pattern: Pattern, actual: unknown, work: MatchingWork): number {
  const isNested = !isOperators(pattern) && typeof pattern === "object" && pattern !== null;
  if (!isNested || typeof actual !== "object" || actual === null || Array.isArray(pattern) !== Array.isArray(actual))
    return firstDifference(pattern, actual, "", work) === undefined ? 0 : 1;
  const present = new Map<string, unknown>(Object.entries(actual));
  return Object.entries(pattern)
    .map(([name, part]) => countDifferences(part, present.get(name), work))
    .reduce((sum, count) => sum + count, 0);
}

/** Returns what is wrong with a pattern itself (an unknown operator, a bad expression), or undefined. */
export function flawOf(pattern: Pattern, path = ""): string | undefined {
  if (Array.isArray(pattern)) return firstFlaw(pattern.entries(), (index) => `${path}[${index}]`);
  if (!isObject(pattern)) return undefined;
  const names = Object.keys(pattern);
  const operators = names.filter((name) => name.startsWith("$"));
  if (operators.length === 0)
    return firstFlaw(Object.entries(pattern), (name) => (path === "" ? name : `${path}.${name}`));
  if (operators.length < names.length) return `${path}: operators and fields cannot be combined`;
  for (const [name, operand] of Object.entries(pattern)) {
    const flaw = operatorFlaw(name, operand);
    if (flaw !== undefined) return `${path}: ${flaw}`;
  }
  return undefined;
}

/** Returns the regular expressions in a pattern. */
export function expressionsIn(pattern: Pattern): string[] {
  if (typeof pattern !== "object" || pattern === null) return [];
  return Object.entries(pattern).flatMap(([name, part]: [string, unknown]) =>
    name === "$regex" ? [String(part)] : expressionsIn(part),
  );
}

function operatorFlaw(name: string, operand: unknown): string | undefined {
  if (!Object.hasOwn(OPERATORS, name)) {
    const near = nearestNames(name, operatorNames);
    return `no operator ${name}. ${near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `There are: ${operatorNames.join(", ")}.`}`;
  }
  if ((name === "$in" || name === "$nin") && !Array.isArray(operand)) return `${name} takes a list`;
  if (name === "$exists" && typeof operand !== "boolean") return "$exists takes true or false";
  if (name === "$contains") return flawOf(operand, "$contains");
  if (name === "$length")
    return typeof operand === "number" || isOperators(operand)
      ? flawOf(operand, name)
      : '$length takes a number or operators, as in {"$length": {"$gt": 1000}}';
  if (name === "$sha256")
    return typeof operand === "string" && /^[0-9a-f]{64}$/i.test(operand)
      ? undefined
      : "$sha256 takes the 64 hexadecimal digits of a hash";
  return name === "$regex" ? syntaxFlaw(String(operand)) : undefined;
}

/** Returns whether all operators accept a value; undefined if none refuses it but one cannot tell. */
function matchesOperators(operators: Readonly<Record<string, unknown>>, actual: unknown, work: MatchingWork): Verdict {
  let verdict: Verdict = true;
  for (const [name, operand] of Object.entries(operators)) {
    const each = actual === notKept && name !== "$exists" ? undefined : OPERATORS[name]?.(actual, operand, work);
    if (each === false) return false;
    if (each === undefined) verdict = undefined;
  }
  return verdict;
}

/** Compares values; a shortened string equals the text that it was made of. */
function isEqual(actual: unknown, operand: unknown): boolean {
  const parts = typeof operand === "string" ? elidedParts(actual) : undefined;
  if (parts !== undefined && typeof operand === "string") return wasText(parts, operand);
  return (
    actual === operand ||
    isDeepStrictEqual(actual, operand) ||
    (isNested(operand) && isDeepStrictEqual(actual, elide(operand)))
  );
}

function contains(actual: unknown, operand: unknown, work: MatchingWork): Verdict {
  if (Array.isArray(actual)) {
    const items = actual.map((item) => firstDifference(operand, item, "", work));
    if (items.includes(undefined)) return true;
    return items.some((item) => item?.isUndecided === true) ? undefined : false;
  }
  if (typeof actual === "string")
    return work.spend(actual.length / SEARCHED_PER_STEP) ? actual.includes(String(operand)) : undefined;
  const parts = elidedParts(actual);
  if (parts === undefined || charactersIn(String(operand)) > parts.length) return false;
  return parts.start.includes(String(operand)) ? true : undefined;
}

function firstOf<Key extends string | number>(
  parts: Iterable<[Key, unknown]>,
  pathOf: (key: Key) => string,
  { actual, work }: { readonly actual: object; readonly work: MatchingWork },
): Difference | undefined {
  return decidedFirst(parts, ([key, part]) => {
    const value = Object.hasOwn(actual, key) ? (actual as Readonly<Record<Key, unknown>>)[key] : undefined;
    return firstDifference(part, value, pathOf(key), work);
  });
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function firstFlaw<Key extends string | number>(
  parts: Iterable<[Key, unknown]>,
  pathOf: (key: Key) => string,
): string | undefined {
  for (const [key, part] of parts) {
    const flaw = flawOf(part, pathOf(key));
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOperators(pattern: unknown): pattern is Readonly<Record<string, unknown>> {
  if (!isObject(pattern)) return false;
  for (const name in pattern) return name.startsWith("$");
  return false;
}

/** Compares two numbers or two texts; returns false for any other pair. */
function compare(actual: unknown, operand: unknown, isWanted: (order: number) => boolean): Verdict {
  if (typeof operand === "string" && elidedParts(actual) !== undefined) return undefined;
  if (typeof actual === "number" && typeof operand === "number") return isWanted(actual - operand);
  if (typeof actual === "string" && typeof operand === "string")
    return isWanted(actual < operand ? -1 : actual > operand ? 1 : 0);
  return false;
}
