/** Saves and restores a whole sandbox. */
import type { ControlClient } from "./control-client.ts";
import type { Bundle } from "./documents.ts";

/** Saves a whole sandbox as one JSON document, for example to reproduce a failed CI run locally. */
export class BundleHandle {
  readonly #control: ControlClient;
  readonly #path: string;
  readonly #onRestore: () => void;

  constructor(control: ControlClient, sandboxPath: string, onRestore: () => void) {
    this.#control = control;
    this.#path = `${sandboxPath}/bundle`;
    this.#onRestore = onRestore;
  }

  /**
   * Returns the current accounts, generations, rules, deliveries, clock and journal. Keys are included as hashes.
   * Passwords, tokens and signatures in URLs are left out unless `secrets` is `include`; the receivers of restored
   * webhooks may need them.
   */
  async save({ secrets = "omit" }: { readonly secrets?: "omit" | "include" } = {}): Promise<Bundle> {
    return this.#control.call("GET", `${this.#path}?secrets=${secrets}`);
  }

  /** Replaces this sandbox's state by a bundle of the same name. The sandbox then answers like the saved sandbox. */
  async restore(bundle: Bundle): Promise<void> {
    await this.#control.call("PUT", this.#path, { body: bundle });
    this.#onRestore();
  }
}
