/** Gives access to one sandbox: its settings, its state, and the handles of its parts. */
import { ClockHandle } from "./clock-handle.ts";
import { FauxgenError, type ControlClient } from "./control-client.ts";
import { createAccountHandle, type AccountHandle } from "./account-handle.ts";
import { BundleHandle } from "./bundle-handle.ts";
import type { CoverageDocument, SandboxDocument, SandboxEvent, SandboxSettings, VendorOperation } from "./documents.ts";
import { followEvents, type FollowOptions } from "./events.ts";
import { GenerationsHandle } from "./generations-handle.ts";
import { looseEndsOf, type UnusedRule } from "./loose-ends.ts";
import { RequestsHandle } from "./requests-handle.ts";
import { RulesHandle } from "./rules-handle.ts";
import { ScenariosHandle } from "./scenarios-handle.ts";
import { accessesIn, type VendorAccesses } from "./vendor-accesses.ts";
import { ConductHandle, type ConductOptions } from "./conduct-handle.ts";
import { WaitersHandle } from "./waiters-handle.ts";
import { WebhooksHandle } from "./webhooks-handle.ts";

/**
 * An isolated part of a server: the base URLs and keys of its clients (`sandbox.sync.baseUrl`, `sandbox.vivix.apiKey`),
 * and the operations by which a test controls it and sees what happened.
 */
export type SandboxHandle = SandboxSteering & VendorAccesses;

/** Creates the handle of a sandbox from the server's description of it. */
export function createSandboxHandle(control: ControlClient, document: SandboxDocument): SandboxHandle {
  return Object.assign(new SandboxSteering(control, document), accessesIn(document.vendors));
}

/** The operations by which a test controls a sandbox and sees what happened. */
class SandboxSteering implements AsyncDisposable {
  readonly name: string;
  readonly clock: ClockHandle;
  readonly rules: RulesHandle;
  readonly generations: GenerationsHandle;
  readonly requests: RequestsHandle;
  readonly waiters: WaitersHandle;
  readonly conduct: ConductHandle;
  readonly webhooks: WebhooksHandle;
  readonly scenarios: ScenariosHandle;
  readonly bundle: BundleHandle;
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, document: SandboxDocument) {
    this.name = document.name;
    this.#control = control;
    this.#path = sandboxPath(document.name);
    this.clock = new ClockHandle(control, this.#path);
    this.rules = new RulesHandle(control, this.#path);
    this.generations = new GenerationsHandle(control, this.#path);
    this.requests = new RequestsHandle(control, this.#path);
    this.waiters = new WaitersHandle(control, this.#path);
    this.conduct = new ConductHandle(control, this.#path);
    this.webhooks = new WebhooksHandle(control, this.#path);
    this.scenarios = new ScenariosHandle(control, this.#path);
    this.bundle = new BundleHandle(control, this.#path, () => {
      this.#forget();
    });
  }

  /** Reads the current settings, clock and accounts. */
  async read(): Promise<SandboxDocument> {
    return this.#control.call("GET", this.#path);
  }

  /** Replaces the settings; generations and the journal stay. */
  async configure(settings: SandboxSettings): Promise<SandboxDocument> {
    return this.#control.call("PUT", this.#path, { body: settings });
  }

  /** Returns the account `other`, `free`, `broke`, `limited` or `revoked`. Any other name creates one like `main`. */
  async account(name: string): Promise<AccountHandle> {
    const path = `${this.#path}/accounts/${encodeURIComponent(name)}`;
    return createAccountHandle(this.#control, path, await this.#control.call("PUT", path, { body: {} }));
  }

  /** Yields the sandbox's events as they happen, until the signal is aborted. */
  events(options: FollowOptions = {}): AsyncGenerator<SandboxEvent, void> {
    return followEvents(this.#control, `${this.#path}/events`, options);
  }

  /**
   * Throws if a rule was never used, a request is still held, or a request matched no route. Call it at the end of a
   * test. With `conduct`, it also throws if a client did not behave as the vendors ask.
   */
  async settled({ conduct }: { readonly conduct?: boolean | ConductOptions } = {}): Promise<void> {
    const [rules, held, requests, { unusedRules }] = await Promise.all([
      this.rules.list(),
      this.waiters.list(),
      this.requests.list({ bodies: false }),
      this.#control.call<{ readonly unusedRules: readonly UnusedRule[] }>("GET", `${this.#path}/report`),
    ]);
    const looseEnds = looseEndsOf({ rules, held, requests, unusedRules });
    if (looseEnds.length > 0) throw new FauxgenError(`Sandbox "${this.name}" is not settled.\n${looseEnds.join("\n")}`);
    if (conduct !== undefined && conduct !== false) await this.conduct.expect(conduct === true ? {} : conduct);
  }

  /** Returns the operations of the vendors, with their routes, which rules and verifications can name. */
  async operations(): Promise<VendorOperation[]> {
    return (await this.#control.call<{ readonly items: VendorOperation[] }>("GET", "/operations")).items;
  }

  /** Returns which of the vendors' listed answers the clients of this sandbox met since its last reset. */
  async coverage(): Promise<CoverageDocument> {
    return this.#control.call("GET", `${this.#path}/coverage`);
  }

  /** Returns a report of what happened in the sandbox, in at most 40 lines. */
  async report(): Promise<string> {
    return this.#control.text(`${this.#path}/report`);
  }

  /** Resets the sandbox to its settings. Held requests are answered with the state before the reset. */
  async reset(): Promise<void> {
    await this.#control.call("POST", `${this.#path}/reset`);
    this.#forget();
  }

  /** Deletes the sandbox with all its data. */
  async dispose(): Promise<void> {
    await this.#control.call("DELETE", this.#path).catch((error: unknown) => {
      if (!(error instanceof FauxgenError && error.code === "no-such-sandbox")) throw error;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #forget(): void {
    for (const list of [this.generations, this.requests, this.webhooks.deliveries]) list.forget();
  }
}

export function sandboxPath(name: string): string {
  return `/sandboxes/${encodeURIComponent(name)}`;
}
