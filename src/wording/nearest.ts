/** Suggests the known names nearest to a mistyped one. */
import { distance } from "fastest-levenshtein";

/** Returns the known names most similar to a mistyped one, nearest first. */
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

/** The most codes that an error lists; some vendors have dozens. */
const MOST_CODES = 5;

/** Suggests a vendor's nearest codes for an unknown one, or lists its first few. */
export function adviceOnCode(typed: string, codes: readonly string[]): string {
  const near = nearestNames(typed, codes, MOST_CODES);
  if (near.length > 0) return `Did you mean ${near.join(" or ")}?`;
  const more = codes.length > MOST_CODES ? ` and ${codes.length - MOST_CODES} more` : "";
  return `It has: ${codes.slice(0, MOST_CODES).join(", ")}${more}.`;
}
