/** Suggests the known names nearest to a mistyped one. */
import { distance } from "fastest-levenshtein";

/** Returns the known names most similar to a mistyped one, nearest first. */
export function nearestNames(typed: string, names: readonly string[], most = 3): string[] {
  const near = [...new Set(names)]
    .map((name) => ({ name, apart: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, apart }) => apart <= mostApart(Math.min(typed.length, name.length)) || isSwapped(typed, name))
    .sort((a, b) => a.apart - b.apart);
  const least = near[0]?.apart ?? 0;
  return near
    .filter(({ apart }) => apart <= least + 1)
    .slice(0, most)
    .map(({ name }) => name);
}

/** Returns how many letters may differ in names of a length; in short names, two make another word. */
function mostApart(length: number): number {
  return length < 4 ? 1 : Math.max(2, Math.floor(length / 2));
}

/** Returns whether two names have the same letters, in another order. */
function isSwapped(typed: string, name: string): boolean {
  return lettersOf(typed) === lettersOf(name);
}

function lettersOf(name: string): string {
  return Array.from(name.toLowerCase()).sort().join("");
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
