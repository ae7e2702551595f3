/** How sync writes an instant. */
import { LRUCache } from "lru-cache";

/** What was lately formatted: whoever polls a generation is told the same instants again and again. */
const formatted = new LRUCache<number, string>({ max: 512 });

export function formatInstant(instant: number): string {
  let text = formatted.get(instant);
  if (text === undefined) formatted.set(instant, (text = new Date(instant).toISOString()));
  return text;
}
