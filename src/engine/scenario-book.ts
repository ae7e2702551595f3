import { parseScenarioText, type Marker } from "./marker.ts";
import { nearestNames } from "./nearest.ts";
import type { Sandbox } from "./sandbox.ts";
import { ScenarioRefused, type Scenario } from "./scenarios.ts";
import type { ChosenScenario } from "./generation.ts";

/** Where a scenario was asked for, in the order in which they are heard. */
export type ScenarioSource = "control" | "header" | "rule" | "marker" | "sandbox" | "configured";

/** Every scenario by name: the built-in ones, those of the fixtures, and those that a test added to its sandbox. */
export class ScenarioBook {
  readonly #shared: ReadonlyMap<string, Scenario>;
  readonly #ofSandbox = new WeakMap<Sandbox, Map<string, Scenario>>();

  constructor(scenarios: readonly Scenario[]) {
    this.#shared = new Map(scenarios.map((scenario) => [scenario.name, scenario]));
  }

  find(name: string, sandbox: Sandbox): Scenario | undefined {
    return this.#ofSandbox.get(sandbox)?.get(name) ?? this.#shared.get(name);
  }

  /** The names that a sandbox knows; those that every sandbox knows when it is undefined. */
  names(sandbox: Sandbox | undefined): string[] {
    return this.list(sandbox).map((scenario) => scenario.name);
  }

  list(sandbox: Sandbox | undefined): Scenario[] {
    const own = sandbox === undefined ? undefined : this.#ofSandbox.get(sandbox);
    return [...new Map([...this.#shared, ...(own ?? [])]).values()];
  }

  /** Adds or replaces a scenario of one sandbox. */
  add(sandbox: Sandbox, scenario: Scenario): void {
    let own = this.#ofSandbox.get(sandbox);
    if (own === undefined) this.#ofSandbox.set(sandbox, (own = new Map()));
    own.set(scenario.name, scenario);
  }

  /** Drops what a sandbox added: part of its reset. */
  forget(sandbox: Sandbox): void {
    this.#ofSandbox.delete(sandbox);
  }

  /** The first scenario that was asked for. Throws {@link ScenarioRefused} for a name that there is not. */
  choose(
    sandbox: Sandbox,
    asked: readonly {
      readonly source: ScenarioSource;
      readonly text?: string | undefined;
      readonly marker?: Marker | undefined;
    }[],
  ): { scenario: Scenario; chosen: ChosenScenario } {
    for (const { source, text, marker } of asked) {
      const wanted = marker ?? (text === undefined ? undefined : parseScenarioText(text));
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

  #unknown(name: string, source: ScenarioSource, sandbox: Sandbox): ScenarioRefused {
    const names = this.names(sandbox);
    const near = nearestNames(name, names);
    const suggestion = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `There are: ${names.join(", ")}.`;
    return new ScenarioRefused("SCENARIO_UNKNOWN", `No scenario "${name}" (asked for by ${source}). ${suggestion}`);
  }
}
