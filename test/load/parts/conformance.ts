/** Runs the clients of the proof through every case: sound ones pass all, and broken ones show what the cases tell apart. */
import { brokenRows, soundRows } from "../../support/conform-clients/proof.ts";
import { idsOf, runProof } from "../../support/conform-clients/run-suite.ts";
import type { LoadPart, Tried } from "../part.ts";

export const conformance: LoadPart = {
  name: "conformance",
  title: "Conformance of sound and broken clients",
  explanation:
    "Sound reference clients run through every case of `fauxgen conform` at their vendors, and must pass each that they come to. Clients that are each broken in one way run through every case too; the figures of the run name the cases that at least one of them fails.",
  run: async ({ say }) => {
    const tried: Tried[] = [];
    const violations: string[] = [];
    const told = new Set<string>();
    for (const row of soundRows) {
      const results = await runProof(row);
      const wrong = results.filter(({ verdict }) => !["pass", "not-exercised"].includes(verdict));
      tried.push({
        what: `${row.name}, ${row.vendor}`,
        times: idsOf(results, ["pass"]).length + wrong.length,
        wrong: wrong.length,
      });
      violations.push(...wrong.map(({ verdict, conformanceCase: { id } }) => `${row.name}: ${verdict} ${id}.`));
      say(`${row.name} at ${row.vendor}: ${wrong.length} of ${results.length} not passed`);
    }
    for (const row of brokenRows) {
      const failed = idsOf(await runProof(row), ["fail", "hang"]);
      for (const id of failed) told.add(id);
      const missing = row.fails.filter((each) => !failed.includes(`${row.vendor}/${each}`));
      violations.push(...missing.map((each) => `A client that ${row.name} passed ${row.vendor}/${each}.`));
      say(`${row.name} at ${row.vendor}: fails ${failed.length}`);
    }
    return { tried, violations, figures: { casesThatAClientFails: [...told].sort() } };
  },
};
