/** Finds scenarios by name, and chooses the one that a request asks for. */
import { readRow } from "../../store/unreadable-row.ts";
import { parseScenarioText, type Marker } from "../rule/marker.ts";
import { nearestNames } from "../../wording/nearest.ts";
import type { Sandbox } from "./sandbox.ts";
import { compileScenario } from "../scenario/compile.ts";
import { scenarioDocument, type ScenarioDocument } from "../scenario/document.ts";
import { ScenarioRefused, type Scenario } from "../scenario/plan.ts";
import type { ChosenScenario } from "../model/generation.ts";

/** Where a scenario was asked for, in order of precedence. */
export type ScenarioSource = "control" | "header" | "rule" | "marker" | "sandbox" | "configured";

/** All scenarios by name: the built-in ones, those of the fixtures, and those that a test added to its sandbox. */
export class ScenarioBook {
  #shared: ReadonlyMap<string, Scenario>;
  #ofSandbox = new WeakMap<Sandbox, Map<string, Scenario>>();

  constructor(scenarios: readonly Scenario[]) {
    this.#shared = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  }

  /** Replaces the scenarios that every sandbox knows. */
  replaceShared(scenarios: readonly Scenario[]): void {
    this.#shared = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
    this.#ofSandbox = new WeakMap();
  }

  find(name: string, sandbox: Sandbox | undefined): Scenario | undefined {
    return this.#own(sandbox)?.get(name) ?? this.#shared.get(name);
  }

  /** Returns the names that a sandbox knows, or those that every sandbox knows when it is undefined. */
  names(sandbox: Sandbox | undefined): string[] {
    return this.list(sandbox).map((scenario) => scenario.name);
  }

  list(sandbox: Sandbox | undefined): Scenario[] {
    return [...new Map([...this.#shared, ...(this.#own(sandbox) ?? [])]).values()];
  }

  /**
   * Returns the scenarios that a sandbox with such a document would know. Throws {@link ScenarioRefused} for a scenario
   * that extends an unknown one.
   */
  preview(documents: Readonly<Record<string, ScenarioDocument>>, sandbox: Sandbox | undefined): Scenario[] {
    const compiled = this.#compileAll(new Map(Object.entries(documents)));
    for (const [name, document] of Object.entries(documents))
      if (!compiled.has(name)) throw this.#unknown(document.extends, "extends", sandbox);
    return [...new Map([...this.list(sandbox), ...compiled.values()].map((each) => [each.name, each])).values()];
  }

  /** Decodes and compiles the scenarios that a sandbox stores. Throws `UnreadableRow`. */
  check(sandbox: Sandbox): void {
    this.forget(sandbox);
    this.#own(sandbox);
    this.forget(sandbox);
  }

  /** Whether a sandbox defines a scenario of this name itself. */
  isOwn(sandbox: Sandbox, name: string): boolean {
    return this.#own(sandbox)?.has(name) === true;
  }

  /**
   * Adds or replaces a scenario of one sandbox, until its next reset. Throws {@link ScenarioRefused} when it extends an
   * unknown scenario.
   */
  save(sandbox: Sandbox, name: string, document: ScenarioDocument): Scenario {
    const scenario = this.compile(sandbox, name, document);
    sandbox.store.scenarios.save(sandbox.rowId, name, JSON.stringify(document));
    this.forget(sandbox);
    return scenario;
  }

  /** Compiles a document with the scenarios of a sandbox as possible bases. Throws {@link ScenarioRefused}. */
  compile(sandbox: Sandbox | undefined, name: string, document: ScenarioDocument): Scenario {
    // A scenario that extends its own name changes the shared scenario of that name.
    const base = document.extends === name ? this.#shared.get(name) : this.find(document.extends, sandbox);
    if (base === undefined) throw this.#unknown(document.extends, "extends", sandbox);
    return compileScenario(name, document, base);
  }

  delete(sandbox: Sandbox, name: string): void {
    sandbox.store.scenarios.delete(sandbox.rowId, name);
    this.forget(sandbox);
  }

  /** Drops the cached scenarios of a sandbox, after its document or its store changed. */
  forget(sandbox: Sandbox): void {
    this.#ofSandbox.delete(sandbox);
  }

  /** Returns the first scenario that was asked for. Throws {@link ScenarioRefused} for an unknown name. */
  choose(
    sandbox: Sandbox,
    asked: readonly {
      readonly source: ScenarioSource;
      readonly text?: string | undefined;
      readonly marker?: Marker | undefined;
    }[],
  ): { scenario: Scenario; chosen: ChosenScenario } {
    for (const { source, text, marker } of asked) {
      const wanted = marker ?? (text === undefined ? undefined : this.#read(text, sandbox));
      if (wanted === undefined && text !== undefined) throw this.#unknown(text, source, sandbox);
      if (wanted === undefined) continue;
      const scenario = this.find(wanted.name, sandbox);
      if (scenario === undefined) throw this.#unknown(wanted.name, source, sandbox);
      return {
        scenario,
        chosen: { name: wanted.name, source, ...(wanted.value !== undefined && { code: wanted.value }) },
      };
    }
    throw this.#unknown("", "configured", sandbox);
  }

  /** Parses a scenario text; most are plain names, so a known name is used directly. */
  #read(text: string, sandbox: Sandbox): Marker | undefined {
    return this.find(text, sandbox) === undefined ? parseScenarioText(text) : { name: text };
  }

  /** Returns the scenarios of one sandbox: those of its document, and those that tests added. */
  #own(sandbox: Sandbox | undefined): ReadonlyMap<string, Scenario> | undefined {
    if (sandbox === undefined) return undefined;
    let own = this.#ofSandbox.get(sandbox);
    if (own !== undefined) return own;
    const added = sandbox.store.scenarios
      .inSandbox(sandbox.rowId)
      .map(({ name, document }) => [name, scenarioFrom(name, document)] as const);
    own = this.#compileAll(new Map([...Object.entries(sandbox.document.scenarios ?? {}), ...added]));
    this.#ofSandbox.set(sandbox, own);
    return own;
  }

  /** Compiles bases before the scenarios that extend them; leaves out those that extend an unknown scenario. */
  #compileAll(documents: ReadonlyMap<string, ScenarioDocument>): Map<string, Scenario> {
    const compiled = new Map<string, Scenario>();
    for (let before = -1; before < compiled.size;) {
      before = compiled.size;
      for (const [name, document] of documents) {
        const wanted = document.extends;
        const isReady = wanted === name || !documents.has(wanted) || compiled.has(wanted);
        const base = (wanted === name ? undefined : compiled.get(wanted)) ?? this.#shared.get(wanted);
        if (isReady && base !== undefined && !compiled.has(name))
          compiled.set(name, compileScenario(name, document, base));
      }
    }
    return compiled;
  }

  #unknown(name: string, source: ScenarioSource | "extends", sandbox: Sandbox | undefined): ScenarioRefused {
    const names = this.names(sandbox);
    const near = nearestNames(name, names);
    const suggestion = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `There are: ${names.join(", ")}.`;
    return new ScenarioRefused("SCENARIO_UNKNOWN", `No scenario "${name}" (asked for by ${source}). ${suggestion}`);
  }
}

/** Decodes a stored scenario. Throws `UnreadableRow`. */
function scenarioFrom(name: string, text: string): ScenarioDocument {
  return readRow("scenarios", name, () => scenarioDocument.parse(JSON.parse(text)));
}
