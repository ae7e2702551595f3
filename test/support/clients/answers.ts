/** Reads answers of vendors without trusting them: a field may be missing, null or of another type. */

/** Returns the value at a path of keys; undefined if any of them is missing. */
export function at(answer: unknown, ...path: readonly (string | number)[]): unknown {
  let found = answer;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = new Map(Object.entries(found)).get(String(key));
  }
  return found;
}

/** Returns the text at a path; undefined if there is none, or an empty one. */
export function textAt(answer: unknown, ...path: readonly (string | number)[]): string | undefined {
  const found = at(answer, ...path);
  return typeof found === "string" && found !== "" ? found : undefined;
}

export function listAt(answer: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(answer, ...path);
  return Array.isArray(found) ? found : [];
}
