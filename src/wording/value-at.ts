/**
 * What stands at a path inside a document; undefined where nothing does. Each key is looked up and not searched for: a
 * body may have as many flaws as members.
 */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}
