import type { VendorAccess } from "../vendors/access.ts";
import { ClockHandle } from "./clock-handle.ts";
import { FauxgenError, type ControlClient } from "./control-client.ts";
import type { SandboxDocument, SandboxSettings } from "./documents.ts";
import { GenerationsHandle } from "./generations-handle.ts";
import { looseEndsOf } from "./loose-ends.ts";
import { RequestsHandle } from "./requests-handle.ts";
import { RulesHandle } from "./rules-handle.ts";
import { vendorNames, type VendorAccesses } from "./vendor-names.ts";
import { WaitersHandle } from "./waiters-handle.ts";
import { WebhooksHandle } from "./webhooks-handle.ts";

/**
 * An isolated world on a server: what clients need to use it (`sandbox.sync.baseUrl`, `sandbox.vivix.apiKey`), and
 * everything by which a test steers it and sees what happened.
 */
export class SandboxHandle implements VendorAccesses, AsyncDisposable {
  readonly name: string;
  readonly sync: VendorAccess;
  readonly oxen: VendorAccess;
  readonly affogato: VendorAccess;
  readonly vivix: VendorAccess;
  readonly clock: ClockHandle;
  readonly rules: RulesHandle;
  readonly generations: GenerationsHandle;
  readonly requests: RequestsHandle;
  readonly waiters: WaitersHandle;
  readonly webhooks: WebhooksHandle;
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, document: SandboxDocument) {
    this.name = document.name;
    this.#control = control;
    this.#path = sandboxPath(document.name);
    const { sync, oxen, affogato, vivix } = accessesIn(document.vendors);
    this.sync = sync;
    this.oxen = oxen;
    this.affogato = affogato;
    this.vivix = vivix;
    this.clock = new ClockHandle(control, this.#path);
    this.rules = new RulesHandle(control, this.#path);
    this.generations = new GenerationsHandle(control, this.#path);
    this.requests = new RequestsHandle(control, this.#path);
    this.waiters = new WaitersHandle(control, this.#path);
    this.webhooks = new WebhooksHandle(control, this.#path);
  }

  /** Settings, clock and accounts as they are. */
  async read(): Promise<SandboxDocument> {
    return this.#control.call("GET", this.#path);
  }

  /** Replaces the settings; what happened stays. */
  async configure(settings: SandboxSettings): Promise<SandboxDocument> {
    return this.#control.call("PUT", this.#path, { body: settings });
  }

  /** What an account needs: `free`, `broke`, `limited`, `revoked`, `other`, or any other name, made on first use. */
  async account(name: string): Promise<AccountHandle> {
    const path = `${this.#path}/accounts/${encodeURIComponent(name)}`;
    const { vendors } = await this.#control.call<{ vendors: Record<string, VendorAccess> }>("GET", path);
    return { name, ...accessesIn(vendors) };
  }

  /**
   * Throws when something is left over: a rule that was never used, a request that is still held, a call that met no
   * route. To be called at the end of a test.
   */
  async settled(): Promise<void> {
    const [rules, held, requests] = await Promise.all([
      this.rules.list(),
      this.waiters.list(),
      this.requests.list({ bodies: false }),
    ]);
    const looseEnds = looseEndsOf(rules, held, requests);
    if (looseEnds.length > 0) throw new FauxgenError(`Sandbox "${this.name}" is not settled.\n${looseEnds.join("\n")}`);
  }

  /** What happened here, in at most 40 lines for a person. */
  async report(): Promise<string> {
    return this.#control.text(`${this.#path}/report`);
  }

  /** Back to the state that its settings describe; held requests are answered with what there was. */
  async reset(): Promise<void> {
    await this.#control.call("POST", `${this.#path}/reset`);
    for (const list of [this.generations, this.requests, this.webhooks.deliveries]) list.forget();
  }

  /** Drops it with all it holds. */
  async dispose(): Promise<void> {
    await this.#control.call("DELETE", this.#path).catch((error: unknown) => {
      if (!(error instanceof FauxgenError && error.code === "no-such-sandbox")) throw error;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/** An account of a sandbox, with what its clients need. */
export interface AccountHandle extends VendorAccesses {
  readonly name: string;
}

export function sandboxPath(name: string): string {
  return `/sandboxes/${encodeURIComponent(name)}`;
}

function accessesIn(vendors: Readonly<Record<string, VendorAccess>>): VendorAccesses {
  const found = (name: string): VendorAccess => {
    const access = vendors[name];
    if (access !== undefined) return access;
    throw new FauxgenError(`The server emulates no ${name}. Is it of the same version as this library?`);
  };
  const [sync, oxen, affogato, vivix] = vendorNames;
  return { sync: found(sync), oxen: found(oxen), affogato: found(affogato), vivix: found(vivix) };
}
