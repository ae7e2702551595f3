/** Finds a request by its number in a list that is in order of numbers. */
import type { RequestRow } from "./model.ts";

/** Returns the position of the row with this number, or -1. */
export function positionOf(rows: readonly RequestRow[], id: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = rows[middle]?.id ?? 0;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export function findRequest(rows: readonly RequestRow[], id: number): RequestRow | undefined {
  return rows[positionOf(rows, id)];
}
