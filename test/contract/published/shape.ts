/**
 * Extends zod with closed and ordered objects for a vendor's published JSON bodies, and compares a body with its shape.
 * Objects are closed unless they say `open`, and can say in which order their keys come. The bodies are written apart from the schemas of the routes, to share no mistake.
 */
import { z } from "zod";

export type Shape = z.ZodType;
export type Field = Shape;

type Fields = Readonly<Record<string, unknown>>;

/** A statement about several fields of one object together. */
export interface Rule {
  readonly says: string;
  readonly holds: (value: Fields) => boolean;
}

export interface ObjectOptions {
  /** `true`: the fields come in the order in which they are written here. A list: only these keys have a documented order. */
  readonly order?: boolean | readonly string[];
  /** Undocumented keys are allowed; where the order is documented in full they come after the documented ones. */
  readonly open?: boolean;
  readonly rules?: readonly Rule[];
}

/** Any JSON value, null too; the key must be there. */
export const anything = z.json();
export const text = z.string();
export const someText = z.string().min(1);
export const boolean = z.boolean();
export const number = z.number();
export const positiveNumber = z.number().positive();
export const integer = z.int();

export const numberFrom = (min: number, max: number): Shape => z.number().min(min).max(max);
export const integerFrom = (min: number, max: number = Number.MAX_SAFE_INTEGER): Shape => z.int().min(min).max(max);

/** Eleven digits reach the year 5138, and no time in milliseconds after 1973 fits into them. */
export const unixSeconds = integerFrom(0, 99_999_999_999);
export const isoMillis = z.iso.datetime({ precision: 3 });
export const isoSeconds = z.iso.datetime({ precision: 0 });
export const url = z.url({ protocol: /^https?$/ });

export const matching = (pattern: RegExp, means?: string): Shape =>
  z.string().regex(pattern, means === undefined ? undefined : `expected ${means}`);

/** Lower case, as every vendor writes them. */
export const uuid = matching(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, "a UUID");
export const uuidV4 = matching(
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  "a UUID of version 4",
);

type Scalar = string | number | boolean | null;

export const literal = (expected: Scalar): Shape => z.literal(expected);
export const oneOf = (...expected: readonly Scalar[]): Shape => z.literal(expected);

/** The key is there, and its value may be null. */
export const nullable = (of: Shape): Shape => of.nullable();

/** The key may be absent; null is not absent. */
export const optional = (of: Shape): Field => of.optional();

export const array = (of: Shape, { min = 0, max = Infinity }: { min?: number; max?: number } = {}): Shape =>
  z.array(of).min(min).max(max);

/** An array of exactly these items, in this order. */
export const tuple = (...[first, ...others]: readonly Shape[]): Shape =>
  first === undefined ? z.tuple([]) : z.tuple([first, ...others]);

/** An object of any keys. */
export const record = (of: Shape): Shape => z.record(z.string(), of);

export const anyOf = (...shapes: readonly [Shape, ...Shape[]]): Shape => z.union(shapes);

/** An object whose shape depends on the value of one of its keys. */
export const variants = (key: string, shapes: Readonly<Record<string, Shape>>): Shape => {
  const selector = z.looseObject({ [key]: z.literal(Object.keys(shapes)) });
  return onBody((body) => {
    const selected = new Map(Object.entries(shapes)).get(String(memberOf(body, key)));
    return issuesOf(selected ?? selector, body);
  });
};

export const object = (
  fields: Readonly<Record<string, Field>>,
  { order = false, open = false, rules = [] }: ObjectOptions = {},
): Shape => {
  const shape = open ? z.looseObject(fields) : z.strictObject(fields);
  const ordered = order === true ? Object.keys(fields) : order === false ? [] : order;
  return onBody((body) => {
    const found = issuesOf(shape, body);
    if (!isObject(body)) return found;
    found.push(...misplacedKeys(body, { fields, ordered, open }).map(custom));
    // Rules compare fields with each other; beside a broken field they would only repeat it.
    if (found.length > 0) return found;
    return rules.filter(({ holds }) => !holds(body)).map(({ says }) => custom(`expected ${says}`));
  });
};

/** A shape by its own comparison. It gets the body as it came: zod's objects write keys in the order of the schema. */
function onBody(compare: (body: unknown) => Issue[]): Shape {
  return z.unknown().superRefine((body, context) => {
    context.issues.push(...compare(body));
  });
}

/**
 * Lists everything in which a body differs from its published shape, in words; nothing when it fits.
 *
 * @example
 * differences(object({ id: integer, error: nullable(text) }), { id: "1" });
 * // ['body.id: Invalid input: expected number, received string; got "1"',
 * //  'body.error: Invalid input: expected string, received undefined; got nothing']
 */
export function differences(shape: Shape, actual: unknown, path = "body"): string[] {
  return issuesOf(shape, actual).flatMap((issue) => {
    const place = issue.path?.reduce<string>(at, path) ?? path;
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${at(place, key)}: expected no such key`);
    const got = issue.path?.reduce<unknown>(memberOf, actual);
    return [`${place}: ${issue.message ?? ""}; got ${shown(got)}`];
  });
}

type Issue = z.core.$ZodRawIssue;

/** The issues of a body; of a union, those of the alternative that fits best. */
function issuesOf(shape: Shape, body: unknown): Issue[] {
  return (shape.safeParse(body).error?.issues ?? []).flatMap(nearestOf);
}

function nearestOf(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ ...issue, input: undefined }];
  const alternatives = issue.errors.map((issues) =>
    issues.flatMap((each) => nearestOf({ ...each, path: [...issue.path, ...each.path] })),
  );
  return alternatives.reduce((best, each) => (each.length < best.length ? each : best));
}

interface KeyOrder {
  readonly fields: Fields;
  readonly ordered: readonly string[];
  readonly open: boolean;
}

/** Says which keys stand elsewhere than documented. */
function misplacedKeys(body: Fields, { fields, ordered, open }: KeyOrder): string[] {
  const keys = Object.keys(body);
  const expected = ordered.filter((key) => Object.hasOwn(body, key));
  const got = keys.filter((key) => ordered.includes(key));
  if (expected.join() !== got.join())
    return [`expected the keys in the order ${expected.join(", ")}, received ${got.join(", ")}`];
  const isOrderedInFull = Object.keys(fields).every((key) => ordered.includes(key));
  const last = got.at(-1);
  if (!open || !isOrderedInFull || last === undefined) return [];
  return keys
    .slice(0, keys.indexOf(last))
    .filter((key) => !Object.hasOwn(fields, key))
    .map((key) => `expected ${key} after the documented keys, received it before ${last}`);
}

function custom(message: string): Issue {
  return { code: "custom", message, path: [], input: undefined };
}

function isObject(candidate: unknown): candidate is Fields {
  return typeof candidate === "object" && candidate !== null && !Array.isArray(candidate);
}

function memberOf(candidate: unknown, key: PropertyKey): unknown {
  return typeof candidate === "object" && candidate !== null ? Reflect.get(candidate, key) : undefined;
}

function at(path: string, key: PropertyKey): string {
  if (typeof key === "number") return `${path}[${key}]`;
  const name = String(key);
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

function shown(candidate: unknown): string {
  if (candidate === undefined) return "nothing";
  const json = JSON.stringify(candidate);
  return json.length > 120 ? `${json.slice(0, 117)}...` : json;
}
