/**
 * Describes what is wrong with a user's document: the field, its value, the allowed values, and the nearest names when
 * one seems mistyped. zod's own message for a union is "Invalid input", which helps no user.
 */
import { z } from "zod";
import { nearestNames } from "./nearest.ts";
import { withoutUrlSecrets } from "./shown-urls.ts";
import { valueAt } from "./value-at.ts";

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

/** One error in a request, by the field's path, such as `body.accounts.main.vendors.<vendor>.plan`. */
export interface FieldError {
  readonly field: string;
  /** Begins with `is` when the field's name is its subject. */
  readonly message: string;
  /** The known names nearest to the given one; absent when the error is not about a name. */
  readonly nearest?: readonly string[];
}

/** Returns every faulty field of `value`; `at` is the path of the value in the request, such as `["body"]`. */
export function fieldErrors(
  schema: Schema,
  value: unknown,
  error: z.core.$ZodError,
  at: readonly string[],
): FieldError[] {
  return wordIssues({ schemas: [schema], value, at }, error.issues);
}

/** Joins errors to one line. */
export function inOneLine(errors: readonly FieldError[]): string {
  return errors.map(({ field, message }) => `${field}${message.startsWith("is ") ? "" : ":"} ${message}`).join("; ");
}

/**
 * JSON.stringify with its true type: it returns undefined for values that JSON cannot express, such as undefined
 * itself.
 */
const toJson: (value: unknown) => string | undefined = JSON.stringify;

/** Returns a value as JSON, without secrets of URLs, cut to fit a line. */
export function short(value: unknown): string {
  const text = withoutUrlSecrets(toJson(value) ?? "undefined");
  return text.length <= 120 ? text : `${text.slice(0, 117)}…`;
}

/** Returns `Did you mean a or b?`, or the list of all names when none is near. */
export function adviceOn(nearest: readonly string[], names: readonly string[]): string {
  return nearest.length > 0 ? `Did you mean ${joined(nearest)}?` : `There are: ${listed(names)}.`;
}

/** The most names that are listed when none is near. */
const MOST_NAMES = 15;

function listed(names: readonly string[]): string {
  const all = [...new Set(names)];
  const shown = all.slice(0, MOST_NAMES).join(", ");
  return all.length > MOST_NAMES ? `${shown} and ${all.length - MOST_NAMES} more` : shown;
}

/** A part of a document: its possible schemas, its value and its path. */
interface Place {
  readonly schemas: readonly Schema[];
  readonly value: unknown;
  readonly at: readonly string[];
}

/** Describes issues. Where a name is mistyped, the missing field in its place is not reported as well. */
function wordIssues(place: Place, issues: readonly Issue[]): FieldError[] {
  const misnamed = issues.filter(({ code }) => code === "unrecognized_keys").map(({ path }) => path.join("."));
  return issues
    .filter(({ code, path }) => code !== "custom" || !misnamed.includes(path.join(".")))
    .flatMap((issue) => wordIssue(place, issue));
}

function wordIssue(from: Place, issue: Issue): FieldError[] {
  const place = placeAt(from, issue.path);
  const { value } = place;
  const field = place.at.join(".");
  const said = /^(?:Invalid|Too (?:small|big)|Unrecognized)/.test(issue.message) ? undefined : issue.message;
  switch (issue.code) {
    case "unrecognized_keys":
      return unknownKeys(place, issue.keys);
    case "invalid_union":
      return wordUnion(place, issue.errors, said);
    case "invalid_type":
      return [
        {
          field,
          message: said === undefined ? mismatch(place, [typeInWords(issue.expected)]) : withGiven(value, said),
        },
      ];
    case "invalid_value":
      return said === undefined ? [mistypedValue(place, issue.values.map(String), [])] : [{ field, message: said }];
    case "too_small":
      return [{ field, message: said ?? bound(value, issue, "at least", issue.minimum) }];
    case "too_big":
      return [{ field, message: said ?? bound(value, issue, "at most", issue.maximum) }];
    case "invalid_key":
      return [{ field, message: `is not a valid name here: ${issue.issues[0]?.message ?? issue.message}` }];
    case "invalid_format":
      return [{ field, message: withGiven(value, said ?? `write it as ${issue.format}`) }];
    default:
      return [{ field, message: withGiven(value, issue.message) }];
  }
}

/** Puts the given value before the message of a custom check, if it is short enough to be useful. */
function withGiven(value: unknown, message: string): string {
  if (value === undefined || value === null) return `is missing; ${message}`;
  if (typeof value === "object") return message;
  return `is ${short(value)}${message.startsWith("not ") ? "," : ";"} ${message}`;
}

/** Describes a union by the alternative nearest to the value, which is probably the intended one. */
function wordUnion(place: Place, errors: readonly (readonly Issue[])[], said: string | undefined): FieldError[] {
  const options = unionOptions(place.schemas);
  const field = place.at.join(".");
  const near = errors
    .map((issues, index) => ({ issues, option: options[index], distance: distanceOf(place.value, issues) }))
    .filter(({ distance }) => Number.isFinite(distance));
  const least = Math.min(...near.map(({ distance }) => distance));
  const meant = near.filter(({ distance }) => distance === least);
  const [first] = meant;
  if (first === undefined) return [{ field, ...wrongKind(place, errors.flat(), said) }];
  const { issues } = first;
  const schemas = meant.flatMap(({ option }) => (option === undefined ? [] : [option]));
  const unknown = issues.filter((issue) => issue.code === "unrecognized_keys" && issue.path.length === 0);
  if (unknown.length > 0) return unknown.flatMap((issue) => wordIssue({ ...place, schemas }, issue));
  const missing = meant.flatMap((each) => each.issues.map((issue) => String(issue.path[0])));
  if (meant.length > 1 && issues.every((issue) => valueAt(place.value, issue.path) === undefined))
    return [{ field, message: `give ${joined([...new Set(missing)])}` }];
  return wordIssues({ ...place, schemas: schemas.slice(0, 1) }, issues);
}

/** Returns how far a value is from an alternative; infinite when it is of another kind. */
function distanceOf(value: unknown, issues: readonly Issue[]): number {
  let distance = 0;
  for (const issue of issues) {
    const isRoot = issue.path.length === 0;
    if (isRoot && (issue.code === "invalid_type" || issue.code === "invalid_value")) return Number.POSITIVE_INFINITY;
    if (isRoot && issue.code === "invalid_union" && issue.errors.every((each) => distanceOf(value, each) === Infinity))
      return Number.POSITIVE_INFINITY;
    if (issue.code === "unrecognized_keys") distance += 2 * issue.keys.length;
    else distance += valueAt(value, issue.path) === undefined ? 3 : 1;
  }
  return distance;
}

/** Describes a value of a kind that is not allowed at its place. */
function wrongKind(place: Place, issues: readonly Issue[], said: string | undefined): Omit<FieldError, "field"> {
  const values: string[] = [];
  const kinds = new Set<string>();
  for (const issue of issues.flatMap(leaves)) {
    if (issue.code === "invalid_value") values.push(...issue.values.map(String));
    else if (issue.code === "invalid_type") kinds.add(typeInWords(issue.expected));
  }
  const isName = typeof place.value === "string" && values.length > 0;
  if (isName) return mistypedValue(place, values, [...kinds]);
  return { message: said ?? mismatch(place, [...values, ...kinds]) };
}

function leaves(issue: Issue): Issue[] {
  return issue.code === "invalid_union" ? issue.errors.flat().flatMap(leaves) : [issue];
}

function mistypedValue({ at, value }: Place, values: readonly string[], kinds: readonly string[]): FieldError {
  const nearest = typeof value === "string" ? nearestNames(value, values) : [];
  const advice = nearest.length > 0 ? `. ${adviceOn(nearest, values)}` : "";
  const given = value === undefined ? "is missing" : `is ${short(value)}`;
  return { field: at.join("."), message: `${given}; give ${joined([...values, ...kinds])}${advice}`, nearest };
}

function mismatch({ schemas, value }: Place, allowed: readonly string[]): string {
  const given = value === undefined || value === null ? "is missing" : `is ${short(value)}`;
  const described = allowed.length < 2 ? undefined : schemas.map(descriptionOf).find((each) => each !== undefined);
  return `${given}; give ${joined(allowed)}${described === undefined ? "" : `. ${described}`}`;
}

function unknownKeys({ schemas, value, at }: Place, keys: readonly string[]): FieldError[] {
  const known = [...new Set(schemas.flatMap(keysOf))];
  return keys.map((key) => {
    if (known.includes(key)) {
      const others = Object.keys(value ?? {}).filter((name) => name !== key && known.includes(name));
      return { field: [...at, key].join("."), message: `cannot be combined with ${others.join(" and ")}` };
    }
    const nearest = nearestNames(key, known);
    const advice = known.length === 0 ? "No field is allowed here." : adviceOn(nearest, known);
    return { field: [...at, key].join("."), message: `there is no such field. ${advice}`, nearest };
  });
}

function bound(
  value: unknown,
  { origin, inclusive }: { readonly origin: string; readonly inclusive?: boolean | undefined },
  side: "at least" | "at most",
  limit: number | bigint,
): string {
  const wanted = inclusive === false ? `${side === "at least" ? "more" : "less"} than ${limit}` : `${side} ${limit}`;
  if (origin === "string") return `is ${short(value)}; give ${wanted} ${limit === 1 ? "character" : "characters"}`;
  if (origin === "array") return `give ${wanted} ${limit === 1 ? "item" : "items"}`;
  return `is ${short(value)}; give ${wanted}`;
}

function typeInWords(expected: string): string {
  switch (expected) {
    case "string":
      return "a text";
    case "int":
      return "a whole number";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
    case "record":
      return "an object";
    default:
      return `a ${expected}`;
  }
}

function joined(names: readonly string[]): string {
  return names.length < 3 ? names.join(" or ") : `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}

function placeAt(place: Place, path: readonly PropertyKey[]): Place {
  let { schemas } = place;
  for (const key of path) schemas = schemas.flatMap((schema) => partsOf(schema, key));
  return { schemas, value: valueAt(place.value, path), at: [...place.at, ...path.map(String)] };
}

/** Returns the schemas of the part under a key. */
function partsOf(schema: Schema, key: PropertyKey): Schema[] {
  if (schema instanceof z.core.$ZodObject) {
    const part = Object.entries(schema._zod.def.shape).find(([name]) => name === key)?.[1];
    return part === undefined ? [] : [part];
  }
  if (schema instanceof z.core.$ZodRecord) return [schema._zod.def.valueType];
  if (schema instanceof z.core.$ZodArray) return [schema._zod.def.element];
  return withinOf(schema).flatMap((each) => partsOf(each, key));
}

function keysOf(schema: Schema): string[] {
  if (schema instanceof z.core.$ZodObject) return Object.keys(schema._zod.def.shape);
  return withinOf(schema).flatMap(keysOf);
}

/** Returns the alternatives of the first union found in the schemas. */
function unionOptions(schemas: readonly Schema[]): readonly Schema[] {
  for (const schema of schemas) {
    if (schema instanceof z.core.$ZodUnion) return schema._zod.def.options;
    const found = unionOptions(withinOf(schema));
    if (found.length > 0) return found;
  }
  return [];
}

function descriptionOf(schema: Schema): string | undefined {
  const own = z.globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  return schema instanceof z.core.$ZodUnion
    ? undefined
    : withinOf(schema)
        .map(descriptionOf)
        .find((each) => each !== undefined);
}

/** Returns the inner schemas of a wrapper, or the alternatives of a union. */
function withinOf(schema: Schema): readonly Schema[] {
  if (
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodNullable ||
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodReadonly
  )
    return [schema._zod.def.innerType];
  if (schema instanceof z.core.$ZodPipe) return [schema._zod.def.in];
  if (schema instanceof z.core.$ZodIntersection) return [schema._zod.def.left, schema._zod.def.right];
  if (schema instanceof z.core.$ZodUnion) return schema._zod.def.options;
  return [];
}
