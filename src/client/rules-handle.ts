import type { ControlClient } from "./control-client.ts";
import type { NewRule, Rule } from "./documents.ts";

/** The rules of a sandbox: when a request matches this, use that scenario or fault, so many times. */
export class RulesHandle {
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/rules`;
  }

  /** Adds a rule, which is asked before those of the same priority. */
  async add(rule: NewRule): Promise<Rule> {
    return this.#control.call("POST", this.#path, { body: rule });
  }

  /** All of them with their hits, in the order in which they are asked. */
  async list(): Promise<Rule[]> {
    return (await this.#control.call<{ items: Rule[] }>("GET", this.#path)).items;
  }

  async get(id: string): Promise<Rule> {
    return this.#control.call("GET", `${this.#path}/${encodeURIComponent(id)}`);
  }

  /** Removes a rule; what it did stays. */
  async remove(id: string): Promise<void> {
    await this.#control.call("DELETE", `${this.#path}/${encodeURIComponent(id)}`);
  }

  /** Removes every rule that was added; those of the sandbox's settings stay. */
  async clear(): Promise<void> {
    await this.#control.call("DELETE", this.#path);
  }
}
