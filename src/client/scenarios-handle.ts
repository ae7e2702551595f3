import type { ControlClient } from "./control-client.ts";
import type { NewScenario, Scenario } from "./documents.ts";

/** Scenarios that a sandbox knows: named recipes for what becomes of a generation. */
export class ScenariosHandle {
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/scenarios`;
  }

  /**
   * Adds or replaces one of this sandbox's own, until its next reset.
   *
   * @example
   * await sandbox.scenarios.put("slow", { phases: { processing: "10m" } });
   * await sandbox.rules.add({ when: { vendor: "vivix" }, scenario: "slow" });
   */
  async put(name: string, scenario: NewScenario): Promise<Scenario> {
    return this.#control.call("PUT", this.#pathOf(name), { body: scenario });
  }

  /** All of them: built in, from files, and of this sandbox. */
  async list(): Promise<Scenario[]> {
    return (await this.#control.call<{ items: Scenario[] }>("GET", this.#path)).items;
  }

  async get(name: string): Promise<Scenario> {
    return this.#control.call("GET", this.#pathOf(name));
  }

  /** Removes one that was put here; generations that follow it go on. */
  async remove(name: string): Promise<void> {
    await this.#control.call("DELETE", this.#pathOf(name));
  }

  #pathOf(name: string): string {
    return `${this.#path}/${encodeURIComponent(name)}`;
  }
}
