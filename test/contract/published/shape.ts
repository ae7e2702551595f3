/**
 * Describes the JSON bodies that vendors publish, and compares bodies with these descriptions. It does not use zod,
 * because the emulator's routes are described in zod, and these descriptions must not share their mistakes. An object
 * is closed unless it is `open`, and it can define the order of its keys.
 */

type Fields = Readonly<Record<string, unknown>>;

interface ValueShape {
  readonly kind: "value";
  readonly means: string;
  readonly holds: (value: unknown) => boolean;
}
interface NullableShape {
  readonly kind: "nullable";
  readonly of: Shape;
}
interface ArrayShape {
  readonly kind: "array";
  readonly of: Shape;
  readonly min: number;
  readonly max: number;
}
interface TupleShape {
  readonly kind: "tuple";
  readonly items: readonly Shape[];
}
interface RecordShape {
  readonly kind: "record";
  readonly of: Shape;
}
interface AnyOfShape {
  readonly kind: "anyOf";
  readonly shapes: readonly Shape[];
}
interface VariantsShape {
  readonly kind: "variants";
  readonly key: string;
  readonly shapes: Readonly<Record<string, Shape>>;
}
interface ObjectShape {
  readonly kind: "object";
  readonly fields: Readonly<Record<string, Field>>;
  /** The keys whose order is documented. */
  readonly order: readonly string[];
  readonly open: boolean;
  readonly rules: readonly Rule[];
}
interface OptionalField {
  readonly kind: "optional";
  readonly of: Shape;
}

export type Shape =
  ValueShape | NullableShape | ArrayShape | TupleShape | RecordShape | AnyOfShape | VariantsShape | ObjectShape;
export type Field = Shape | OptionalField;

/** A documented rule about several fields of one object. */
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

const value = (means: string, holds: (value: unknown) => boolean): Shape => ({ kind: "value", means, holds });

const isInteger = (candidate: unknown, min: number, max: number): boolean =>
  typeof candidate === "number" && Number.isSafeInteger(candidate) && candidate >= min && candidate <= max;

const isInstant = (candidate: unknown, pattern: RegExp): boolean =>
  typeof candidate === "string" && pattern.test(candidate) && !Number.isNaN(Date.parse(candidate));

export const anything = value("anything but nothing", (candidate) => candidate !== undefined);
export const text = value("text", (candidate) => typeof candidate === "string");
export const someText = value(
  "text that is not empty",
  (candidate) => typeof candidate === "string" && candidate !== "",
);
export const boolean = value("true or false", (candidate) => typeof candidate === "boolean");
export const number = value("a number", (candidate) => typeof candidate === "number" && Number.isFinite(candidate));
export const positiveNumber = value(
  "a number above 0",
  (candidate) => typeof candidate === "number" && Number.isFinite(candidate) && candidate > 0,
);
export const numberFrom = (min: number, max: number): Shape =>
  value(
    `a number from ${min} to ${max}`,
    (candidate) => typeof candidate === "number" && candidate >= min && candidate <= max,
  );
export const integer = value("an integer", (candidate) =>
  isInteger(candidate, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
);

export const integerFrom = (min: number, max: number = Number.MAX_SAFE_INTEGER): Shape =>
  value(
    max === Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`,
    (candidate) => isInteger(candidate, min, max),
  );

/** Eleven digits reach the year 5138, and no time in milliseconds after 1973 fits into them. */
export const unixSeconds = value("a Unix time in whole seconds", (candidate) =>
  isInteger(candidate, 0, 99_999_999_999),
);

export const isoMillis = value("an ISO time with milliseconds and Z", (candidate) =>
  isInstant(candidate, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
);
export const isoSeconds = value("an ISO time in whole seconds with Z", (candidate) =>
  isInstant(candidate, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/),
);

export const url = value(
  "an absolute http(s) URL",
  (candidate) => typeof candidate === "string" && /^https?:\/\//.test(candidate) && URL.canParse(candidate),
);

export const matching = (pattern: RegExp, means = `text matching ${pattern}`): Shape =>
  value(means, (candidate) => typeof candidate === "string" && pattern.test(candidate));

export const uuid = matching(/^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, "a UUID");
export const uuidV4 = matching(
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  "a UUID of version 4",
);

type Scalar = string | number | boolean | null;

export const literal = (expected: Scalar): Shape =>
  value(JSON.stringify(expected), (candidate) => candidate === expected);

export const oneOf = (...expected: readonly Scalar[]): Shape =>
  value(`one of ${expected.map((each) => JSON.stringify(each)).join(", ")}`, (candidate) =>
    expected.some((each) => each === candidate),
  );

/** The key is present, and its value may be null. */
export const nullable = (of: Shape): Shape => ({ kind: "nullable", of });

/** The key may be absent; null is not absent. */
export const optional = (of: Shape): OptionalField => ({ kind: "optional", of });

export const array = (of: Shape, bounds: { readonly min?: number; readonly max?: number } = {}): Shape => ({
  kind: "array",
  of,
  min: bounds.min ?? 0,
  max: bounds.max ?? Number.POSITIVE_INFINITY,
});

/** An array of exactly these items, in this order. */
export const tuple = (...items: readonly Shape[]): Shape => ({ kind: "tuple", items });

/** An object of any keys. */
export const record = (of: Shape): Shape => ({ kind: "record", of });

export const anyOf = (...shapes: readonly [Shape, ...Shape[]]): Shape => ({ kind: "anyOf", shapes });

/** An object whose shape depends on the value of one of its keys. */
export const variants = (key: string, shapes: Readonly<Record<string, Shape>>): Shape => ({
  kind: "variants",
  key,
  shapes,
});

export const object = (fields: Readonly<Record<string, Field>>, options: ObjectOptions = {}): Shape => {
  const { order = false, open = false, rules = [] } = options;
  const orderedKeys = order === true ? Object.keys(fields) : order === false ? [] : order;
  return { kind: "object", fields, order: orderedKeys, open, rules };
};

const isObject = (candidate: unknown): candidate is Fields =>
  typeof candidate === "object" && candidate !== null && !Array.isArray(candidate);

const shown = (candidate: unknown): string => {
  if (candidate === undefined) return "nothing";
  const json = JSON.stringify(candidate);
  return json.length > 120 ? `${json.slice(0, 117)}...` : json;
};

const mismatch = (path: string, expected: string, got: unknown): string =>
  `${path}: expected ${expected}; got ${shown(got)}`;

const at = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

/**
 * Returns all differences between a body and its published shape, in words; an empty list if the body fits.
 *
 * @example
 * differences(object({ id: uuid, error: nullable(text) }), { id: 1 });
 * // ["body.id: expected a UUID; got 1", "body.error: expected text or null; got nothing"]
 */
export const differences = (shape: Shape, actual: unknown, path = "body"): string[] => {
  switch (shape.kind) {
    case "value":
      return shape.holds(actual) ? [] : [mismatch(path, shape.means, actual)];
    case "nullable":
      return actual === null ? [] : differences(shape.of, actual, path);
    case "array":
      return differencesOfArray(shape, actual, path);
    case "tuple":
      return differencesOfTuple(shape, actual, path);
    case "record":
      if (!isObject(actual)) return [mismatch(path, "an object", actual)];
      return Object.entries(actual).flatMap(([key, member]) => differences(shape.of, member, at(path, key)));
    case "anyOf":
      return nearest(shape.shapes.map((candidate) => differences(candidate, actual, path)));
    case "variants":
      return differencesOfVariants(shape, actual, path);
    case "object":
      return isObject(actual) ? differencesOfObject(shape, actual, path) : [mismatch(path, "an object", actual)];
    default:
      return shape satisfies never;
  }
};

const nearest = (candidates: readonly string[][]): string[] =>
  candidates.reduce((best, candidate) => (candidate.length < best.length ? candidate : best));

const differencesOfArray = (shape: ArrayShape, actual: unknown, path: string): string[] => {
  if (!Array.isArray(actual)) return [mismatch(path, "an array", actual)];
  const found: string[] = [];
  if (actual.length < shape.min) found.push(`${path}: expected at least ${shape.min} items; got ${actual.length}`);
  if (actual.length > shape.max) found.push(`${path}: expected at most ${shape.max} items; got ${actual.length}`);
  actual.forEach((item: unknown, index) => found.push(...differences(shape.of, item, `${path}[${index}]`)));
  return found;
};

const differencesOfTuple = (shape: TupleShape, actual: unknown, path: string): string[] => {
  if (!Array.isArray(actual)) return [mismatch(path, "an array", actual)];
  const items: readonly unknown[] = actual;
  const found = shape.items.flatMap((item, index) => differences(item, items[index], `${path}[${index}]`));
  if (items.length > shape.items.length) {
    found.push(`${path}: expected ${shape.items.length} items; got ${items.length}`);
  }
  return found;
};

const differencesOfVariants = (shape: VariantsShape, actual: unknown, path: string): string[] => {
  if (!isObject(actual)) return [mismatch(path, "an object", actual)];
  const selector = actual[shape.key];
  const known = Object.keys(shape.shapes);
  const selected = typeof selector === "string" && known.includes(selector) ? shape.shapes[selector] : undefined;
  if (selected === undefined) {
    const expected = `one of ${known.map((key) => JSON.stringify(key)).join(", ")}`;
    return [mismatch(at(path, shape.key), expected, selector)];
  }
  return differences(selected, actual, path);
};

const differencesOfObject = (shape: ObjectShape, actual: Fields, path: string): string[] => {
  const found: string[] = [];
  for (const [key, field] of Object.entries(shape.fields)) {
    const isPresent = Object.hasOwn(actual, key);
    if (field.kind === "optional") {
      if (isPresent) found.push(...differences(field.of, actual[key], at(path, key)));
    } else if (isPresent) {
      found.push(...differences(field, actual[key], at(path, key)));
    } else {
      found.push(`${at(path, key)}: expected ${meaningOf(field)}; got nothing, the key is missing`);
    }
  }
  if (!shape.open) {
    for (const key of Object.keys(actual).filter((each) => !Object.hasOwn(shape.fields, each))) {
      found.push(`${at(path, key)}: expected no such key; got ${shown(actual[key])}`);
    }
  }
  found.push(...differencesOfOrder(shape, actual, path));
  // Rules compare fields with each other; beside a broken field they would only repeat it.
  if (found.length === 0) {
    for (const rule of shape.rules.filter((each) => !each.holds(actual))) {
      found.push(`${path}: expected ${rule.says}; got ${shown(actual)}`);
    }
  }
  return found;
};

const differencesOfOrder = (shape: ObjectShape, actual: Fields, path: string): string[] => {
  const keys = Object.keys(actual);
  const expected = shape.order.filter((key) => Object.hasOwn(actual, key));
  const got = keys.filter((key) => shape.order.includes(key));
  if (expected.join() !== got.join()) {
    return [`${path}: expected the keys in the order ${expected.join(", ")}; got ${got.join(", ")}`];
  }
  const isOrderedInFull = Object.keys(shape.fields).every((key) => shape.order.includes(key));
  const lastDocumented = got.at(-1);
  if (!shape.open || !isOrderedInFull || lastDocumented === undefined) return [];
  return keys
    .slice(0, keys.indexOf(lastDocumented))
    .filter((key) => !Object.hasOwn(shape.fields, key))
    .map((key) => `${at(path, key)}: expected after the documented keys; got it before ${lastDocumented}`);
};

const meaningOf = (shape: Shape): string => {
  switch (shape.kind) {
    case "value":
      return shape.means;
    case "nullable":
      return `${meaningOf(shape.of)} or null`;
    case "array":
    case "tuple":
      return "an array";
    case "anyOf":
      return [...new Set(shape.shapes.map(meaningOf))].join(" or ");
    case "record":
    case "variants":
    case "object":
      return "an object";
    default:
      return shape satisfies never;
  }
};
