/**
 * Parses a large document like its schema does, with a pause after each item: zod parses a list of thousands in one go,
 * and every other request would wait for it.
 */
import { z } from "zod";
import type { Steps } from "../../engine/base/turns.ts";

type Schema = z.core.$ZodType;
type Issue = z.core.$ZodIssue;

export type Parsed = { readonly data: unknown } | { readonly issues: readonly Issue[] };

/** Returns what `schema.safeParse(value)` would. */
export function* parseInSteps(schema: Schema, value: unknown): Steps<Parsed> {
  const inner = unwrapped(schema);
  if (isDivisible(inner, value)) {
    if (inner instanceof z.ZodArray && Array.isArray(value)) return yield* parseItems(inner.element, value);
    if (inner instanceof z.ZodRecord && isObject(value)) return yield* parseEntries(inner, value);
    if (inner instanceof z.ZodObject && isObject(value)) return yield* parseFields(inner, value);
  }
  return parseAtOnce(schema, value);
}

function* parseItems(element: Schema, items: readonly unknown[]): Steps<Parsed> {
  const parsed: unknown[] = [];
  const issues: Issue[] = [];
  for (const [index, item] of items.entries()) {
    const result = yield* parseInSteps(element, item);
    if ("issues" in result) issues.push(...below(index, result.issues));
    else parsed.push(result.data);
    yield;
  }
  return issues.length > 0 ? { issues } : { data: parsed };
}

function* parseEntries(record: z.ZodRecord, value: Readonly<Record<string, unknown>>): Steps<Parsed> {
  const parsed: [string, unknown][] = [];
  const issues: Issue[] = [];
  for (const [key, item] of Object.entries(value)) {
    // zod ignores it too.
    if (key === "__proto__") continue;
    if (!z.core.safeParse(record.keyType, key).success) {
      // The record itself words the issue of a key.
      const alone = parseAtOnce(record, { [key]: item });
      if ("issues" in alone) issues.push(...alone.issues);
      continue;
    }
    const result = yield* parseInSteps(record.valueType, item);
    if ("issues" in result) issues.push(...below(key, result.issues));
    else parsed.push([key, result.data]);
    yield;
  }
  return issues.length > 0 ? { issues } : { data: Object.fromEntries(parsed) };
}

/** Parses the lists and records apart, and all other fields together with empty ones in their place. */
function* parseFields(object: z.ZodObject, value: Readonly<Record<string, unknown>>): Steps<Parsed> {
  const stubs: Record<string, unknown> = {};
  const parts: Record<string, unknown> = {};
  const issues: Issue[] = [];
  const shape: Readonly<Record<string, Schema>> = object.shape;
  for (const [key, field] of Object.entries(shape)) {
    const inner = unwrapped(field);
    const item = Object.hasOwn(value, key) ? value[key] : undefined;
    if (inner instanceof z.ZodObject || !isDivisible(inner, item)) continue;
    const result = yield* parseInSteps(field, item);
    stubs[key] = Array.isArray(item) ? [] : {};
    if ("issues" in result) issues.push(...below(key, result.issues));
    else parts[key] = result.data;
  }
  const rest = parseAtOnce(object, { ...value, ...stubs });
  if ("issues" in rest) issues.push(...rest.issues);
  if (issues.length === 0 && "data" in rest && isObject(rest.data)) return { data: { ...rest.data, ...parts } };
  const order = Object.keys(shape);
  // Issues of unknown fields have no path and come last.
  const placeOf = ({ path: [key] }: Issue): number => (key === undefined ? order.length : order.indexOf(String(key)));
  return { issues: issues.toSorted((a, b) => placeOf(a) - placeOf(b)) };
}

/** Whether the parts of a value can be parsed apart: no check of the schema looks at the whole. */
function isDivisible(schema: Schema, value: unknown): boolean {
  if ((schema._zod.def.checks ?? []).length > 0) return false;
  if (schema instanceof z.ZodArray) return Array.isArray(value);
  // A record of an enumeration may need all of its keys.
  if (schema instanceof z.ZodRecord) return schema.keyType instanceof z.ZodString && isObject(value);
  return schema instanceof z.ZodObject && isObject(value);
}

function unwrapped(schema: Schema): Schema {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? unwrapped(schema.unwrap()) : schema;
}

function parseAtOnce(schema: Schema, value: unknown): Parsed {
  const result = z.core.safeParse(schema, value);
  return result.success ? { data: result.data } : { issues: result.error.issues };
}

function below(key: string | number, issues: readonly Issue[]): Issue[] {
  return issues.map((issue) => ({ ...issue, path: [key, ...issue.path] }));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
