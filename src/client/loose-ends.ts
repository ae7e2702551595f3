/** Finds the loose ends of a finished test: signs that it passed for a reason that its author did not intend. */
import type { HeldRequest, JournalRequest, Rule } from "./documents.ts";

/** Returns a line for each loose end. */
export function looseEndsOf(
  rules: readonly Rule[],
  held: readonly HeldRequest[],
  requests: readonly JournalRequest[],
): string[] {
  return [
    ...rules
      .filter(({ hits, origin }) => hits === 0 && origin !== "scenario")
      .map(({ id, when, scenario, fault }) => {
        const effect = scenario === null ? `fault ${JSON.stringify(fault)}` : `scenario ${scenario}`;
        return `${id} was never used: when ${JSON.stringify(when)}, ${effect}`;
      }),
    ...held.map(({ vendor, account, generation, since }) => {
      const subject = generation === null ? "" : ` on generation ${generation}`;
      return `A request of ${account} to ${vendor} is still held${subject}, since ${since}`;
    }),
    ...requests
      .filter(({ operation }) => operation === null)
      .map(
        ({ method, url, status }) => `${method} ${url} matched no route of any vendor (got ${status ?? "no answer"})`,
      ),
  ];
}
