/** Scenarios that are files: ours in `fixtures/scenarios/`, and the user's own, which come on top. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileScenario, scenarioDocument, scenarioName, type ScenarioDocument } from "../engine/scenario-document.ts";
import type { Scenario } from "../engine/scenarios.ts";
import { FixtureUnusable } from "./fixture-library.ts";

const SHIPPED = fileURLToPath(new URL("../../fixtures/scenarios/", import.meta.url));

/**
 * The scenarios that every sandbox knows: the given ones, then those of files, named by file. Throws
 * {@link FixtureUnusable} with the file and the reason.
 */
export async function readScenarios(
  builtIn: readonly Scenario[],
  fixtures: string | undefined,
): Promise<readonly Scenario[]> {
  const known = new Map(builtIn.map((scenario) => [scenario.name, scenario]));
  for (const folder of [SHIPPED, ...(fixtures === undefined ? [] : [join(fixtures, "scenarios")])]) {
    const waiting = await readFolder(folder);
    // A file may extend another of its folder, in whatever order their names come.
    while (waiting.size > 0) {
      const ready = [...waiting].find(
        ([name, { document }]) =>
          known.has(document.extends) && (document.extends === name || !waiting.has(document.extends)),
      );
      if (ready === undefined) throw stuck(waiting);
      const [name, { document }] = ready;
      const base = known.get(document.extends);
      if (base !== undefined) known.set(name, compileScenario(name, document, base));
      waiting.delete(name);
    }
  }
  return [...known.values()];
}

interface ScenarioFile {
  readonly file: string;
  readonly document: ScenarioDocument;
}

async function readFolder(folder: string): Promise<Map<string, ScenarioFile>> {
  const found = new Map<string, ScenarioFile>();
  if (!existsSync(folder)) return found;
  for (const entry of readdirSync(folder).sort()) {
    if (![".json", ".yaml", ".yml"].includes(extname(entry))) continue;
    const file = join(folder, entry);
    const name = basename(entry, extname(entry));
    if (!scenarioName.safeParse(name).success)
      throw new FixtureUnusable(`${file}: a scenario's name has only a-z and -`);
    const parsed = scenarioDocument.safeParse(await readContent(file));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new FixtureUnusable(`${file}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not usable"}`);
    }
    found.set(name, { file, document: parsed.data });
  }
  return found;
}

async function readContent(file: string): Promise<unknown> {
  const text = readFileSync(file, "utf8");
  try {
    if (file.endsWith(".json")) return JSON.parse(text) as unknown;
    // Loaded only where somebody has such a file, since it takes long.
    const { parse } = await import("yaml");
    return parse(text) as unknown;
  } catch (error) {
    throw new FixtureUnusable(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function stuck(waiting: ReadonlyMap<string, ScenarioFile>): FixtureUnusable {
  const [[, { file, document }] = ["", { file: "", document: { extends: "" } }]] = waiting;
  return new FixtureUnusable(`${file}: extends: there is no scenario "${document.extends}"`);
}
