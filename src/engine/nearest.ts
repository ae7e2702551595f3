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
