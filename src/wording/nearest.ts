import { distance } from "fastest-levenshtein";

/** The names most like a mistyped one, nearest first: what an error suggests. */
export function nearestNames(typed: string, names: readonly string[], most = 3): string[] {
  const near = [...new Set(names)]
    .map((name) => ({ name, apart: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, apart }) => apart <= Math.max(2, Math.ceil(name.length / 2)))
    .sort((a, b) => a.apart - b.apart);
  const least = near[0]?.apart ?? 0;
  return near
    .filter(({ apart }) => apart <= least + 1)
    .slice(0, most)
    .map(({ name }) => name);
}

/** Codes of a vendor that are named at most: some have dozens. */
const MOST_CODES = 5;

/** What there is instead of a code that a vendor does not have: the nearest, or the first few. */
export function adviceOnCode(typed: string, codes: readonly string[]): string {
  const near = nearestNames(typed, codes, MOST_CODES);
  if (near.length > 0) return `Did you mean ${near.join(" or ")}?`;
  const more = codes.length > MOST_CODES ? ` and ${codes.length - MOST_CODES} more` : "";
  return `It has: ${codes.slice(0, MOST_CODES).join(", ")}${more}.`;
}
