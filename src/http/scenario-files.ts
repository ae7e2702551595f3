/** Scenarios that are files: ours in `fixtures/scenarios/`, and the user's own, which come on top. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compileScenario, scenarioDocument, type ScenarioDocument } from "../engine/scenario-document.ts";
import type { Scenario } from "../engine/scenarios.ts";
import { packageRoot } from "../platform/package-root.ts";

const SHIPPED = join(packageRoot, "fixtures/scenarios/");

/**
 * The scenarios that every sandbox knows: the given ones, then those that are shipped, then the user's, by name.
 * Those that extend nothing there is are left out; whoever checks the user's folder tells of them.
 */
export function readScenarios(
  builtIn: readonly Scenario[],
  own: Readonly<Record<string, ScenarioDocument>> = {},
): readonly Scenario[] {
  const known = new Map(builtIn.map((scenario) => [scenario.name, scenario]));
  for (const documents of [readShipped(), own]) {
    const waiting = new Map(Object.entries(documents));
    // One may extend another of the same folder, in whatever order their names come.
    for (let before = -1; before !== waiting.size;) {
      before = waiting.size;
      for (const [name, document] of waiting) {
        const base = known.get(document.extends);
        if (base === undefined || (document.extends !== name && waiting.has(document.extends))) continue;
        known.set(name, compileScenario(name, document, base));
        waiting.delete(name);
      }
    }
  }
  return [...known.values()];
}

function readShipped(): Record<string, ScenarioDocument> {
  return Object.fromEntries(
    readdirSync(SHIPPED)
      .sort()
      .map((entry) => [
        basename(entry, ".json"),
        scenarioDocument.parse(JSON.parse(readFileSync(join(SHIPPED, entry), "utf8"))),
      ]),
  );
}
