/** Words a hint for a client that waits for a clock that stands still. */
import { isTerminal } from "../../engine/model/phases.ts";
import { observe } from "../../engine/model/observation.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import type { JournalEntry } from "../../http/journal/journal.ts";
import { countOf } from "../listing.ts";

/** The fewest status reads that show that a client polls. */
const POLLS = 3;

/** The most of the latest requests that are searched. */
const MOST_SEARCHED = 200;

/** Says that time stands still while a client waits or polls for it to pass. */
export function frozenInWords(sandbox: Sandbox, entries: readonly JournalEntry[]): string[] {
  if (sandbox.clock.state.mode !== "frozen") return [];
  const held = sandbox.heldRequests.count;
  const isUnfinished = (vendor: string, id: string): boolean => {
    const generation = sandbox.generations.find(vendor, id);
    return generation !== undefined && !isTerminal(observe(generation, sandbox.clock.now()).phase);
  };
  const reads = entries
    .slice(-MOST_SEARCHED)
    .filter(
      ({ vendor = "", generations = [], method }) =>
        method === "GET" && generations.some((id) => isUnfinished(vendor, id)),
    ).length;
  const waiting = [
    ...(held > 0 ? [`${countOf(held, "requests")} ${held === 1 ? "is" : "are"} held`] : []),
    ...(reads >= POLLS ? [`a client read the status ${reads} times`] : []),
  ];
  if (waiting.length === 0) return [];
  return [
    `The sandbox's clock is frozen, so nothing ends by itself: ${waiting.join(" and ")}. Advance the clock, or let it run (PUT clock {"mode":"running"}).`,
  ];
}
