import type { ControlClient } from "./control-client.ts";
import type { Bundle } from "./documents.ts";

/** Everything of a sandbox as one JSON document: how a red run of CI is taken home. */
export class BundleHandle {
  readonly #control: ControlClient;
  readonly #path: string;
  readonly #onRestore: () => void;

  constructor(control: ControlClient, sandboxPath: string, onRestore: () => void) {
    this.#control = control;
    this.#path = `${sandboxPath}/bundle`;
    this.#onRestore = onRestore;
  }

  /** Accounts, generations, rules, deliveries, clock and journal, as they are now. Keys are in it only as hashes. */
  async save(): Promise<Bundle> {
    return this.#control.call("GET", this.#path);
  }

  /** Puts a bundle of a sandbox of this name in place of what there is; it then answers as where it was saved. */
  async restore(bundle: Bundle): Promise<void> {
    await this.#control.call("PUT", this.#path, { body: bundle });
    this.#onRestore();
  }
}
