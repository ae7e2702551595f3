/**
 * Compares JSON values with patterns that may hold comparison operators.
 *
 * - An object matches an object that has at least its fields; an array matches an array that begins with its items; any
 *   other value must be equal.
 * - An object of operators (`{"$gt": 5, "$lt": 9}`) matches a value that all of them accept.
 */
import { isDeepStrictEqual } from "node:util";
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
}

type Operator = (actual: unknown, operand: unknown, work: MatchingWork) => boolean;

const OPERATORS: Readonly<Record<string, Operator>> = {
  $eq: (actual, operand) => isDeepStrictEqual(actual, operand),
  $ne: (actual, operand) => !isDeepStrictEqual(actual, operand),
  $gt: (actual, operand) => compare(actual, operand, (order) => order > 0),
  $gte: (actual, operand) => compare(actual, operand, (order) => order >= 0),
  $lt: (actual, operand) => compare(actual, operand, (order) => order < 0),
  $lte: (actual, operand) => compare(actual, operand, (order) => order <= 0),
  $in: (actual, operand) => Array.isArray(operand) && operand.some((each) => isDeepStrictEqual(actual, each)),
  $nin: (actual, operand) => Array.isArray(operand) && !operand.some((each) => isDeepStrictEqual(actual, each)),
  $regex: (actual, operand, work) => typeof actual === "string" && work.test(String(operand), actual) === true,
  $exists: (actual, operand) => (actual !== undefined) === operand,
  $contains: (actual, operand, work) =>
    Array.isArray(actual)
      ? actual.some((item) => firstDifference(operand, item, "", work) === undefined)
      : typeof actual === "string" && work.spend(actual.length / SEARCHED_PER_STEP) && actual.includes(String(operand)),
  $size: (actual, operand) => Array.isArray(actual) && actual.length === operand,
};

/** The characters of a text that are searched for another text in the time of one step of an expression. */
const SEARCHED_PER_STEP = 32;

export const operatorNames: readonly string[] = Object.keys(OPERATORS);

/**
 * Returns the first place where `actual` differs from the pattern; undefined when it matches. What `work` does not
 * suffice for counts as different.
 */
export function firstDifference(
  pattern: Pattern,
  actual: unknown,
  path = "",
  work = new MatchingWork(),
): Difference | undefined {
  if (!work.spend(1)) return { path, expected: pattern, actual };
  if (isOperators(pattern))
    return matchesOperators(pattern, actual, work) ? undefined : { path, expected: pattern, actual };
  if (Array.isArray(pattern)) {
    if (!Array.isArray(actual) || actual.length < pattern.length) return { path, expected: pattern, actual };
    return firstOf(pattern.entries(), (index) => `${path}[${index}]`, { actual, work });
  }
  if (isObject(pattern)) {
    if (!isObject(actual)) return { path, expected: pattern, actual };
    return firstOf(Object.entries(pattern), (name) => (path === "" ? name : `${path}.${name}`), { actual, work });
  }
  return Object.is(pattern, actual) ? undefined : { path, expected: pattern, actual };
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
  return name === "$regex" ? syntaxFlaw(String(operand)) : undefined;
}

function matchesOperators(operators: Readonly<Record<string, unknown>>, actual: unknown, work: MatchingWork): boolean {
  return Object.entries(operators).every(([name, operand]) => OPERATORS[name]?.(actual, operand, work) === true);
}

function firstOf<Key extends string | number>(
  parts: Iterable<[Key, unknown]>,
  pathOf: (key: Key) => string,
  { actual, work }: { readonly actual: object; readonly work: MatchingWork },
): Difference | undefined {
  for (const [key, part] of parts) {
    const value = Object.hasOwn(actual, key) ? (actual as Readonly<Record<Key, unknown>>)[key] : undefined;
    const difference = firstDifference(part, value, pathOf(key), work);
    if (difference !== undefined) return difference;
  }
  return undefined;
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
function compare(actual: unknown, operand: unknown, isWanted: (order: number) => boolean): boolean {
  if (typeof actual === "number" && typeof operand === "number") return isWanted(actual - operand);
  if (typeof actual === "string" && typeof operand === "string")
    return isWanted(actual < operand ? -1 : actual > operand ? 1 : 0);
  return false;
}
