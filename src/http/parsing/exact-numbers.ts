/**
 * Finds the numbers of a JSON text that JavaScript would write with other digits, such as 9007199254740993, `5.0` and
 * `1e400`, so that a vendor that echoes a request can echo them as they were sent.
 */
import { z } from "zod";

/** The digits of such numbers, by the path of keys to each, written as JSON. */
export type ExactNumbers = Readonly<Record<string, string>>;

/** Matches texts that may have such a number; strings may match too. */
const MAY_HAVE = /\d{16}|\.\d*0(?!\d)|\d[eE]|-0(?!\.?\d)|\.\d{16}/;

const sourced = z.object({ source: z.string() });

/** Returns the numbers of a valid JSON text whose digits would change; undefined if there are none. */
export function exactNumbersIn(text: string): ExactNumbers | undefined {
  if (!MAY_HAVE.test(text)) return undefined;
  const found: Record<string, string> = {};
  const parents = new WeakMap<object, [key: string, digits: string | undefined][]>();
  // The reviver sees a value before its parent, so each object collects the digits below it.
  const revive = function (this: unknown, key: string, value: unknown, ...[context]: unknown[]): unknown {
    const digits = typeof value === "number" ? sourced.safeParse(context).data?.source : undefined;
    if (digits !== undefined && digits !== String(value) && typeof this === "object" && this !== null)
      parents.set(this, [...(parents.get(this) ?? []), [key, digits]]);
    return value;
  };
  const parsed: unknown = JSON.parse(text, revive);
  collect(parsed, [], parents, found);
  return Object.keys(found).length === 0 ? undefined : found;
}

function collect(
  value: unknown,
  path: readonly string[],
  parents: WeakMap<object, [key: string, digits: string | undefined][]>,
  found: Record<string, string>,
): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, digits] of parents.get(value) ?? [])
    if (digits !== undefined) found[JSON.stringify([...path, key])] = digits;
  for (const [key, part] of Object.entries(value)) collect(part, [...path, key], parents, found);
}

/** Returns a copy of a value that is written as JSON with the digits that were sent. */
export function withExactNumbers(value: unknown, exact: ExactNumbers, path: readonly string[] = []): unknown {
  const digits = exact[JSON.stringify(path)];
  if (digits !== undefined) return writtenAs(digits);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => withExactNumbers(item, exact, [...path, String(index)]));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withExactNumbers(part, exact, [...path, key])]),
  );
}

/** Returns a value that `JSON.stringify` writes as these digits. TypeScript does not know `JSON.rawJSON` yet. */
function writtenAs(digits: string): unknown {
  const rawJson: unknown = Reflect.get(JSON, "rawJSON");
  return typeof rawJson === "function" ? rawJson.call(JSON, digits) : Number(digits);
}
