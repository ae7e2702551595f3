/** Adds, lists and removes a sandbox's rules. */
import type { ControlClient } from "./control-client.ts";
import type { NewRule, Rule } from "./documents.ts";

/** Adds, reads and removes rules. A rule applies a scenario or a fault to matching requests, for a number of times. */
export class RulesHandle {
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/rules`;
  }

  /** Adds a rule, which is tried before existing rules of the same priority. */
  async add(rule: NewRule): Promise<Rule> {
    return this.#control.call("POST", this.#path, { body: rule });
  }

  /** Returns all rules with their hits, in the order in which they are tried. */
  async list(): Promise<Rule[]> {
    return (await this.#control.call<{ items: Rule[] }>("GET", this.#path)).items;
  }

  async get(id: string): Promise<Rule> {
    return this.#control.call("GET", `${this.#path}/${encodeURIComponent(id)}`);
  }

  /** Removes a rule; its effects on existing generations stay. */
  async remove(id: string): Promise<void> {
    await this.#control.call("DELETE", `${this.#path}/${encodeURIComponent(id)}`);
  }

  /** Removes all added rules; the rules of the sandbox's settings stay. */
  async clear(): Promise<void> {
    await this.#control.call("DELETE", this.#path);
  }
}
