/** The handle of an account of a sandbox. */
import type { ControlClient } from "./control-client.ts";
import type { AccountDocument } from "./documents.ts";
import { accessesIn, type VendorAccesses } from "./vendor-accesses.ts";
import type { VendorName } from "./vendor-names.ts";

/** An account of a sandbox: what its clients need, and what it has at each vendor. */
export type AccountHandle = AccountSteering & VendorAccesses;

/** Makes the handle of an account that the server has described. */
export function createAccountHandle(control: ControlClient, path: string, document: AccountDocument): AccountHandle {
  return Object.assign(new AccountSteering(control, path, document.name), accessesIn(document.vendors));
}

/** What a test reads and changes of an account. */
class AccountSteering {
  readonly name: string;
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, path: string, name: string) {
    this.name = name;
    this.#control = control;
    this.#path = path;
  }

  /** Its keys, and its plan, credits and limits at each vendor. */
  async read(): Promise<AccountDocument> {
    return this.#control.call("GET", this.#path);
  }

  /** Changes some of what it has at vendors, until the next reset: `{ vivix: { plan: "free" } }`. */
  async update(vendors: {
    readonly [Name in VendorName]?: Readonly<Record<string, unknown>>;
  }): Promise<AccountDocument> {
    return this.#control.call("PUT", this.#path, { body: { vendors } });
  }

  /** Has any text be a key of the account; it must be nobody else's on this server. */
  async registerKey(
    key: string,
    options: { readonly vendor?: VendorName; readonly user?: string } = {},
  ): Promise<void> {
    await this.#control.call("POST", `${this.#path}/keys`, { body: { key, ...options } });
  }

  /** Revokes a key from now until the next reset. */
  async revokeKey(key: string): Promise<void> {
    await this.#control.call("POST", `${this.#path}/keys/revoke`, { body: { key } });
  }
}
