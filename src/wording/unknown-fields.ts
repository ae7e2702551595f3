/** Finds the fields of a value that a schema ignores because it does not know them, with the nearest known names. */
import { z } from "zod";
import { nearestNames } from "./nearest.ts";
import { adviceOn } from "./field-errors.ts";

type Schema = z.core.$ZodType;

/** The most items of a list that are searched; a client's mistake is in the first as well. */
const MOST_ITEMS = 20;

/** The most fields that are named. */
const MOST_NAMED = 5;

/** The most characters of a field's path that are shown. */
const LONGEST_PATH = 80;

interface UnknownField {
  readonly path: string;
  readonly name: string;
  readonly known: readonly string[];
}

/** Says which fields are not known, each with the nearest known names; undefined if all are known. */
export function wordUnknownFields(schema: unknown, value: unknown, where: string): string | undefined {
  if (!(schema instanceof z.core.$ZodType)) return undefined;
  return inWords(unknownFields(schema, value, where));
}

/** Says which names are not among the known ones; undefined if all are. */
export function wordUnknownNames(
  names: readonly string[],
  known: readonly string[],
  where: string,
): string | undefined {
  const unknown = names.filter((name) => !known.includes(name));
  return inWords(unknown.map((name) => ({ path: `${where}.${name}`, name, known })));
}

function inWords(fields: readonly UnknownField[]): string | undefined {
  if (fields.length === 0) return undefined;
  const named = fields.slice(0, MOST_NAMED).map(({ path, name, known }) => {
    const advice =
      known.length === 0
        ? "This route reads no parameters."
        : adviceOn(nearestNames(name.replace(/\[\w*\]$/, ""), known), known);
    return `${path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path} is not known and was ignored. ${advice}`;
  });
  const more = fields.length > named.length ? ` ${fields.length - named.length} more are not known.` : "";
  return named.join(" ") + more;
}

function unknownFields(schema: Schema, value: unknown, at: string): UnknownField[] {
  if (typeof value !== "object" || value === null) return [];
  if (schema instanceof z.core.$ZodObject) return unknownInObject(schema, value, at);
  if (schema instanceof z.core.$ZodArray) {
    const { element } = schema._zod.def;
    const items: readonly unknown[] = Array.isArray(value) ? value.slice(0, MOST_ITEMS) : [];
    return items.flatMap((item, index) => unknownFields(element, item, `${at}.${index}`));
  }
  if (schema instanceof z.core.$ZodUnion) return unknownInUnion(schema._zod.def.options, value, at);
  const inner = innerOf(schema);
  return inner === undefined ? [] : unknownFields(inner, value, at);
}

/** An object without any field of its own may have any. */
function unknownInObject(schema: z.core.$ZodObject, value: object, at: string): UnknownField[] {
  const { shape } = schema._zod.def;
  const known = Object.keys(shape);
  if (known.length === 0 || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([name, part]): UnknownField[] => {
    const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
    return field === undefined ? [{ path: `${at}.${name}`, name, known }] : unknownFields(field, part, `${at}.${name}`);
  });
}

/** Searches the alternative that accepts the value with the fewest unknown fields. */
function unknownInUnion(options: readonly Schema[], value: object, at: string): UnknownField[] {
  const found = options
    .filter((option) => z.safeParse(option, value).success)
    .map((option) => unknownFields(option, value, at))
    .sort((a, b) => a.length - b.length);
  return found[0] ?? [];
}

function innerOf(schema: Schema): Schema | undefined {
  if (
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodNullable ||
    schema instanceof z.core.$ZodDefault ||
    schema instanceof z.core.$ZodReadonly
  )
    return schema._zod.def.innerType;
  return schema instanceof z.core.$ZodPipe ? schema._zod.def.in : undefined;
}
