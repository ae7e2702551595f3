/** Reads and changes an account: its keys, and its state at each vendor. */
import type { ControlClient } from "./control-client.ts";
import type { AccountDocument } from "./documents.ts";
import { accessesIn, type VendorAccesses } from "./vendor-accesses.ts";
import type { VendorName } from "./vendor-names.ts";

/** An account of a sandbox: the base URLs and keys of its clients, and its state at each vendor. */
export type AccountHandle = AccountSteering & VendorAccesses;

/** Creates the handle of an account from the server's description of it. */
export function createAccountHandle(control: ControlClient, path: string, document: AccountDocument): AccountHandle {
  return Object.assign(new AccountSteering(control, path, document.name), accessesIn(document.vendors));
}

/** The operations by which a test reads and changes an account. */
class AccountSteering {
  readonly name: string;
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, path: string, name: string) {
    this.name = name;
    this.#control = control;
    this.#path = path;
  }

  /** Reads the account's keys, and its plan, credits and limits at each vendor. */
  async read(): Promise<AccountDocument> {
    return this.#control.call("GET", this.#path);
  }

  /** Changes the account's state at vendors, until the next reset: `{ vivix: { plan: "free" } }`. */
  async update(vendors: {
    readonly [Name in VendorName]?: Readonly<Record<string, unknown>>;
  }): Promise<AccountDocument> {
    return this.#control.call("PUT", this.#path, { body: { vendors } });
  }

  /** Registers any text as a key of the account. No other account of this server may have the key. */
  async registerKey(
    key: string,
    options: { readonly vendor?: VendorName; readonly user?: string } = {},
  ): Promise<void> {
    await this.#control.call("POST", `${this.#path}/keys`, { body: { key, ...options } });
  }

  /** Revokes a key until the next reset. */
  async revokeKey(key: string): Promise<void> {
    await this.#control.call("POST", `${this.#path}/keys/revoke`, { body: { key } });
  }
}
