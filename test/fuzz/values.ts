/** Generates values of a JSON schema, and values that no schema expects. */
import fc from "fast-check";
import type { Schema } from "./documents.ts";

/** The placeholder in a body for text that JSON.stringify cannot write; {@link writeBody} replaces it. */
const RAW = "\u0001raw:";

/** Texts that many servers handle badly. */
const nastyTexts = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\r\nx-injected: 1\r\n\r\n",
  "../../../../etc/passwd",
  "..%2f..%2f",
  "%00",
  "%",
  "null",
  "undefined",
  "NaN",
  "true",
  "-1",
  "1e999",
  "0x10",
  "9007199254740993",
  "99999999999999999999999999",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "<script>alert(1)</script>",
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "data:image/png;base64,iVBORw0KGgo=",
  "data:",
  "http://169.254.169.254/latest/meta-data/",
  "http://[::1",
  "http://",
  "https://media.test/%zz.mp4",
  "https://media.test/a.mp4",
  "file:///etc/passwd",
  "' OR 1=1 --",
  "\ud800",
  "\udfff x",
  "é漢字🙂",
  "🙂".repeat(300),
  "\u202e\u200b\ufeff",
  "x".repeat(5000),
  "a,b,c",
  "[1,2",
  '["COMPLETED"]',
  '{"a":1}',
  "2026-13-45T99:99:99Z",
  "2026-01-01",
  "-5s",
  "5s",
  "999999999999h",
  "00000000-0000-4000-8000-000000000000",
  "*",
  "(a+)+$",
  "fauxgen:",
  "fauxgen:succeed",
  "fauxgen:stuck",
  "fauxgen:no-such-scenario",
  "fauxgen:label=x",
  "fauxgen:label=__proto__",
];

export const nastyText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nastyTexts) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
);

/** Generates a value of another type, an extreme or deeply nested value, or one with the keys of Object.prototype. */
const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: nastyText },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -0,
      -1,
      1.5,
      1e308,
      -1e308,
      2 ** 31,
      2 ** 53,
      2 ** 63,
      5e-324,
      [],
      {},
      [[]],
      [null],
      [{}],
      { "": "" },
      { toString: 1, valueOf: 2, then: 3, length: -1 },
      `${RAW}{"__proto__":{"polluted":true}}`,
      `${RAW}{"constructor":{"prototype":{"polluted":true}}}`,
      `${RAW}1e999`,
      `${RAW}-1e999`,
      `${RAW}123456789012345678901234567890`,
      `${RAW}{"a":1,"a":2}`,
      `${RAW}${"[".repeat(200)}${"]".repeat(200)}`,
      `${RAW}${"[".repeat(20_000)}${"]".repeat(20_000)}`,
      `${RAW}${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
    ),
  },
  { weight: 1, arbitrary: fc.constant("x".repeat(70_000)) },
  { weight: 1, arbitrary: fc.array(fc.integer(), { maxLength: 300, minLength: 100 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown> },
);

/** Generates a value that the schema describes. */
export function valuesOf(schema: Schema, resolve: (schema: Schema) => Schema, depth = 0): fc.Arbitrary<unknown> {
  const resolved = resolve(schema);
  const inner = (part: Schema): fc.Arbitrary<unknown> => valuesOf(part, resolve, depth + 1);
  if (depth > 8) return fc.constant(null);
  const { anyOf, oneOf, allOf, examples, example } = resolved;
  const shown = [...(examples ?? []), ...(example === undefined ? [] : [example])];
  if (shown.length > 0) {
    const { examples: _examples, example: _example, ...rest } = resolved;
    return fc.oneof(fc.constantFrom(...shown), valuesOf(rest, resolve, depth));
  }
  if (resolved.const !== undefined) return fc.constant(resolved.const);
  if (resolved.enum !== undefined) return fc.constantFrom(...resolved.enum);
  const choices = anyOf ?? oneOf;
  if (choices !== undefined && choices.length > 0) return fc.oneof(...choices.map(inner));
  if (allOf !== undefined && allOf.length > 0)
    return fc.tuple(...allOf.map(inner)).map((parts) => Object.assign({}, ...(parts as object[])) as unknown);
  const types = typeof resolved.type === "string" ? [resolved.type] : (resolved.type ?? []);
  if (types.length > 1) return fc.oneof(...types.map((type) => inner({ ...resolved, type })));
  switch (types[0]) {
    case "string":
      return textsOf(resolved);
    case "integer":
    case "number":
      return numbersOf(resolved);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return arraysOf(resolved, inner);
    case "object":
      return objectsOf(resolved, inner);
    default:
      return resolved.properties === undefined ? fc.jsonValue({ maxDepth: 1 }) : objectsOf(resolved, inner);
  }
}

function textsOf({ format, pattern, minLength = 0, maxLength }: Schema): fc.Arbitrary<string> {
  if (format === "uri" || format === "url") {
    return fc.constantFrom(
      "https://media.test/video.mp4",
      "https://media.test/audio.wav",
      "https://media.test/fauxgen:stuck.mp4",
      "http://127.0.0.1:9/hook",
      "https://example.com/a?b=c#d",
    );
  }
  if (format === "uuid") return fc.uuid();
  if (format === "date-time")
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString());
  if (pattern !== undefined) {
    try {
      return fc.stringMatching(new RegExp(pattern, "u"));
    } catch {
      return nastyText;
    }
  }
  const most = Math.min(maxLength ?? 30, 60);
  return fc.oneof(
    fc.string({ minLength: Math.min(minLength, most), maxLength: Math.max(most, Math.min(minLength, most)) }),
    fc.constantFrom("lipsync-2", "a red fox", "main", "5s", "https://media.test/a.mp4", "sync", "getGeneration"),
  );
}

function numbersOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): fc.Arbitrary<number> {
  const min = minimum ?? exclusiveMinimum ?? 0;
  const max = Math.max(min, maximum ?? exclusiveMaximum ?? min + 100);
  const whole = fc.integer({ min: Math.ceil(Math.max(min, -(2 ** 31))), max: Math.floor(Math.min(max, 2 ** 31 - 1)) });
  return type === "integer" ? whole : fc.oneof(whole, fc.double({ min, max, noNaN: true }));
}

function arraysOf(
  { items = {}, prefixItems, minItems = 0, maxItems }: Schema,
  inner: (schema: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  if (prefixItems !== undefined) return fc.tuple(...prefixItems.map(inner));
  return fc.array(inner(items), { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems ?? 3, 3)) });
}

function objectsOf(
  { properties = {}, required = [], additionalProperties }: Schema,
  inner: (schema: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, inner(schema)]));
  const known = fc.record(fields, { requiredKeys: required.filter((name) => Object.hasOwn(fields, name)) });
  if (additionalProperties === undefined || additionalProperties === false) return known;
  const extra = fc.dictionary(
    fc.constantFrom("main", "sync", "vivix", "extra", "models", "a-b"),
    inner(typeof additionalProperties === "object" ? additionalProperties : {}),
    { maxKeys: 2 },
  );
  return fc.tuple(known, extra).map(([object, more]) => ({ ...more, ...object }));
}

/** Changes a single part of a value; `at` chooses the part. */
export interface Mutation {
  readonly kind: "replace" | "remove" | "add" | "repeat";
  readonly at: number;
  readonly name: string;
  readonly value: unknown;
}

export const mutations: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("replace" as const, "replace" as const, "remove" as const, "add" as const, "repeat" as const),
  at: fc.nat(),
  name: fc.oneof(nastyText, fc.constantFrom("id", "webhookUrl", "input", "model", "options")),
  value: nastyValue,
});

/** Applies the change to a copy. */
export function mutate(value: unknown, mutation: Mutation): unknown {
  const places = placesOf(value, []);
  const place = places[mutation.at % places.length] ?? [];
  return changeAt(value, place, mutation);
}

function placesOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== "object" || value === null || path.length > 12) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}

function changeAt(value: unknown, [key, ...rest]: readonly string[], mutation: Mutation): unknown {
  if (key === undefined) {
    if (mutation.kind === "replace" || typeof value !== "object" || value === null) return mutation.value;
    if (mutation.kind === "repeat") return [value, value];
    if (Array.isArray(value)) return [...(value as unknown[]), mutation.value];
    return { ...value, [mutation.name]: mutation.value };
  }
  if (Array.isArray(value)) {
    const items = [...(value as unknown[])];
    if (rest.length === 0 && mutation.kind === "remove") items.splice(Number(key), 1);
    else items[Number(key)] = changeAt(items[Number(key)], rest, mutation);
    return items;
  }
  const object = { ...(value as Record<string, unknown>) };
  if (rest.length === 0 && mutation.kind === "remove")
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
  return { ...object, [key]: changeAt(object[key], rest, mutation) };
}

/** Returns the JSON of a body, with the placeholders replaced by their raw text. */
export function writeBody(body: unknown): string {
  // JSON.stringify itself would overflow the stack on values nested as deeply as the raw texts.
  const text = JSON.stringify(body) ?? "";
  return text.replaceAll(/"\\u0001raw:((?:[^"\\]|\\.)*)"/g, (_all, raw: string) => JSON.parse(`"${raw}"`) as string);
}
