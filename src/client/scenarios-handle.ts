/** Adds, lists and removes a sandbox's scenarios. */
import type { ControlClient } from "./control-client.ts";
import type { NewScenario, Scenario } from "./documents.ts";

/** Adds, reads and removes scenarios: named descriptions of how a generation goes. */
export class ScenariosHandle {
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/scenarios`;
  }

  /**
   * Adds or replaces a scenario of this sandbox, until its next reset.
   *
   * @example
   * await sandbox.scenarios.put("slow", { phases: { processing: "10m" } });
   * await sandbox.rules.add({ when: { vendor: "vivix" }, scenario: "slow" });
   */
  async put(name: string, scenario: NewScenario): Promise<Scenario> {
    return this.#control.call("PUT", this.#pathOf(name), { body: scenario });
  }

  /** Returns all scenarios: the built-in ones, those of files, and those of this sandbox. */
  async list(): Promise<Scenario[]> {
    return (await this.#control.call<{ items: Scenario[] }>("GET", this.#path)).items;
  }

  async get(name: string): Promise<Scenario> {
    return this.#control.call("GET", this.#pathOf(name));
  }

  /** Removes a scenario of this sandbox; generations that use it continue. */
  async remove(name: string): Promise<void> {
    await this.#control.call("DELETE", this.#pathOf(name));
  }

  #pathOf(name: string): string {
    return `${this.#path}/${encodeURIComponent(name)}`;
  }
}
