/** Defines the report of a run as a document, which programs read and the page shows. */
import type { CaseResult } from "../run-case.ts";
import { isKnown, type Conclusion } from "./summary.ts";

/** Returns the document: the cases once, and for each client and case the verdict with its evidence. */
export function reportOf(results: readonly CaseResult[], { isGood, known }: Conclusion) {
  const cases = [...new Map(results.map(({ conformanceCase }) => [conformanceCase.id, conformanceCase])).values()];
  return {
    format: "fauxgen-conformance",
    isGood,
    clients: [...new Set(results.map(({ client }) => client))],
    cases: cases.map(({ id, vendor, family, title, document: { why } }) => ({ id, vendor, family, title, why })),
    results: results.map((result) => {
      const { client, conformanceCase, verdict, findings, exit, timeline, conduct, printed } = result;
      return {
        client,
        case: conformanceCase.id,
        verdict,
        isKnown: isKnown(known, result),
        tookMs: exit.endedAt - exit.startedAt,
        findings,
        timeline,
        conduct,
        printed,
      };
    }),
  };
}

export type Report = ReturnType<typeof reportOf>;
