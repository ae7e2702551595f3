/** Connects to a running server, and defines the library's handle of a server. */
import { createWallClock, pause } from "../engine/base/clock.ts";
import { parseDuration, type Duration } from "../engine/base/durations.ts";
import { ControlClient, FauxgenError } from "./control-client.ts";
import { exchange } from "./exchange.ts";
import type {
  Bundle,
  CoverageDocument,
  Health,
  SandboxDocument,
  SandboxEvent,
  SandboxSettings,
  UnassignedRequest,
} from "./documents.ts";
import { followEvents, type FollowOptions } from "./events.ts";
import { TemplateHandle } from "./template-handle.ts";
import { createSandboxHandle, sandboxPath, type SandboxHandle } from "./sandbox-handle.ts";

/** The interval between two attempts to connect to a server that is still starting. */
const RETRY_MS = 50;

/** A local or remote fauxgen server. */
export class Fauxgen implements AsyncDisposable {
  /** The server's origin, without a trailing slash. */
  readonly url: string;
  /** What every sandbox has. */
  readonly template: TemplateHandle;
  readonly #control: ControlClient;
  readonly #close: () => Promise<void>;

  constructor(control: ControlClient, close: () => Promise<void> = async () => undefined) {
    this.url = control.url;
    this.template = new TemplateHandle(control);
    this.#control = control;
    this.#close = close;
  }

  /**
   * Returns the sandbox of this name, and creates it if it does not exist. The settings, if given, replace those of an
   * existing sandbox.
   */
  async sandbox(name: string, settings?: SandboxSettings): Promise<SandboxHandle> {
    return createSandboxHandle(this.#control, await this.#obtain(name, settings));
  }

  /**
   * Returns the existing sandbox of this name, and creates none. Throws {@link FauxgenError} with the nearest names.
   */
  async existing(name: string): Promise<SandboxHandle> {
    return createSandboxHandle(this.#control, await this.#control.call("GET", sandboxPath(name)));
  }

  /** Restores the sandbox of a bundle, and replaces an existing sandbox of its name. */
  async restore(bundle: Bundle): Promise<SandboxHandle> {
    await this.#control.call("PUT", `${sandboxPath(bundle.sandbox)}/bundle`, { body: bundle });
    return this.sandbox(bundle.sandbox);
  }

  /** Returns the names of all sandboxes. */
  async sandboxes(): Promise<string[]> {
    const { items } = await this.#control.call<{ items: { name: string }[] }>("GET", "/sandboxes");
    return items.map(({ name }) => name);
  }

  /** Returns the requests that had no usable key or matched no route of any vendor. */
  async unassignedRequests(): Promise<UnassignedRequest[]> {
    return (await this.#control.call<{ items: UnassignedRequest[] }>("GET", "/requests/unassigned")).items;
  }

  /** Returns which of the vendors' listed answers clients met in all sandboxes, also in deleted ones. */
  async coverage(): Promise<CoverageDocument> {
    return this.#control.call("GET", "/coverage");
  }

  /** Starts the counts of {@link coverage} anew. */
  async resetCoverage(): Promise<void> {
    await this.#control.call("DELETE", "/coverage");
  }

  /** Yields the events of all sandboxes as they happen, until the signal is aborted. */
  events(options: FollowOptions = {}): AsyncGenerator<SandboxEvent, void> {
    return followEvents(this.#control, "/events", options);
  }

  async health(): Promise<Health> {
    return this.#control.call("GET", "/health");
  }

  /** Stops a server that this library started. A server that it only connected to keeps running. */
  async close(): Promise<void> {
    await this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #obtain(name: string, settings: SandboxSettings | undefined): Promise<SandboxDocument> {
    const path = sandboxPath(name);
    if (settings !== undefined) return this.#control.call("PUT", path, { body: settings });
    try {
      return await this.#control.call("GET", path);
    } catch (error) {
      if (!(error instanceof FauxgenError && error.code === "no-such-sandbox")) throw error;
      return this.#control.call("PUT", path, { body: {} });
    }
  }
}

export interface ConnectOptions {
  /** The control token, for clients whose address is not private. */
  readonly token?: string | undefined;
  /** The real time to wait for a server that is still starting; by default `"5s"`. */
  readonly within?: Duration;
}

/**
 * Connects to a running server, for example in a container or of `fauxgen exec`.
 *
 * @example
 * const fauxgen = await connectFauxgen("http://emulator:4600");
 * const sandbox = await fauxgen.sandbox("checkout-spec");
 */
export async function connectFauxgen(url: string, { token, within = "5s" }: ConnectOptions = {}): Promise<Fauxgen> {
  const fauxgen = new Fauxgen(new ControlClient(url, exchange, token));
  const wall = createWallClock();
  const until = wall.now() + (typeof within === "number" ? within : (parseDuration(within) ?? 0));
  for (;;) {
    try {
      await fauxgen.health();
      return fauxgen;
    } catch (error) {
      const isThere = error instanceof FauxgenError && error.status !== undefined;
      if (isThere || wall.now() >= until) throw error;
      await pause(RETRY_MS);
    }
  }
}
