/** Formats instants as sync writes them. */
import { LRUCache } from "lru-cache";

/** A cache of the last formatted instants; a client that polls a generation gets the same instants each time. */
const formatted = new LRUCache<number, string>({ max: 512 });

export function formatInstant(instant: number): string {
  let text = formatted.get(instant);
  if (text === undefined) formatted.set(instant, (text = new Date(instant).toISOString()));
  return text;
}
