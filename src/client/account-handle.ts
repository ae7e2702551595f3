import type { VendorAccess } from "../vendors/access.ts";
import type { ControlClient } from "./control-client.ts";
import type { AccountDocument } from "./documents.ts";
import { accessesIn, type VendorAccesses, type VendorName } from "./vendor-names.ts";

/** An account of a sandbox: what its clients need, and what it has at each vendor. */
export class AccountHandle implements VendorAccesses {
  readonly name: string;
  readonly sync: VendorAccess;
  readonly oxen: VendorAccess;
  readonly affogato: VendorAccess;
  readonly vivix: VendorAccess;
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, path: string, document: AccountDocument) {
    this.name = document.name;
    this.#control = control;
    this.#path = path;
    const { sync, oxen, affogato, vivix } = accessesIn(document.vendors);
    this.sync = sync;
    this.oxen = oxen;
    this.affogato = affogato;
    this.vivix = vivix;
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
