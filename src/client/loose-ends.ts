/** Finds the loose ends of a finished test: signs that it passed for a reason that its author did not intend. */
import type { HeldRequest, JournalRequest, Rule } from "./documents.ts";

/** An unused rule of the report, with the request that nearly matched it. */
export interface UnusedRule {
  readonly id: string;
  readonly nearest: string | null;
}

/** What a sandbox has at the end of a test. */
interface Seen {
  readonly rules: readonly Rule[];
  readonly held: readonly HeldRequest[];
  readonly requests: readonly JournalRequest[];
  readonly unusedRules: readonly UnusedRule[];
}

/** Returns a line for each loose end. */
export function looseEndsOf({ rules, held, requests, unusedRules }: Seen): string[] {
  return [
    ...rules
      .filter(({ hits, origin }) => hits === 0 && origin !== "scenario")
      .map(({ id, when, scenario, fault }) => {
        const effect = scenario === null ? `fault ${JSON.stringify(fault)}` : `scenario ${scenario}`;
        const near = unusedRules.find((unused) => unused.id === id)?.nearest ?? null;
        return `${id} was never used: when ${JSON.stringify(when)}, ${effect}${near === null ? "" : `. Nearest: ${near}`}`;
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
