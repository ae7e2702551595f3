/** Renames a key in stored JSON documents, for the migration of a file to names that this code reads. */

/**
 * Returns the JSON text with a key renamed in the objects at `path`, where `*` stands for every member. Keys keep their
 * order. Text that is not JSON is returned unchanged, for its reader to refuse.
 */
export function renameKey(text: string, path: readonly string[], from: string, to: string): string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return text;
  }
  return JSON.stringify(renamed(document, path, from, to));
}

function renamed(value: unknown, path: readonly string[], from: string, to: string): unknown {
  const [step, ...rest] = path;
  if (Array.isArray(value)) return step === "*" ? value.map((each) => renamed(each, rest, from, to)) : value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (step === undefined)
    return Object.fromEntries(entries.map(([name, member]) => [name === from ? to : name, member]));
  return Object.fromEntries(
    entries.map(([name, member]) => [name, step === "*" || step === name ? renamed(member, rest, from, to) : member]),
  );
}
