/**
 * Returns the value at a path inside a document; undefined when it has none. Each key is a direct look-up, not a
 * search: a body may have as many errors as fields.
 */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}
