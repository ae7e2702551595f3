/** How sync writes an instant. */
import { LRUCache } from "lru-cache";

/** Keeps the instants that were formatted last, because a client that polls a generation gets the same ones each time. */
const formatted = new LRUCache<number, string>({ max: 512 });

export function formatInstant(instant: number): string {
  let text = formatted.get(instant);
  if (text === undefined) formatted.set(instant, (text = new Date(instant).toISOString()));
  return text;
}
