import { createWallClock, pause } from "../engine/base/clock.ts";
import { parseDuration, type Duration } from "../engine/base/durations.ts";
import { ControlClient, FauxgenError } from "./control-client.ts";
import type { Bundle, Health, SandboxDocument, SandboxEvent, SandboxSettings, UnassignedRequest } from "./documents.ts";
import { followEvents, type FollowOptions } from "./events.ts";
import { createSandboxHandle, sandboxPath, type SandboxHandle } from "./sandbox-handle.ts";

/** How often a server that is still starting is asked whether it is ready. */
const RETRY_MS = 50;

/** A server, wherever it runs. */
export class Fauxgen implements AsyncDisposable {
  /** Its origin, without a trailing slash. */
  readonly url: string;
  readonly #control: ControlClient;
  readonly #close: () => Promise<void>;

  constructor(control: ControlClient, close: () => Promise<void> = async () => undefined) {
    this.url = control.url;
    this.#control = control;
    this.#close = close;
  }

  /**
   * The sandbox of this name, made when there is none. With settings it has those from now on; without, an existing
   * one keeps its own.
   */
  async sandbox(name: string, settings?: SandboxSettings): Promise<SandboxHandle> {
    return createSandboxHandle(this.#control, await this.#obtain(name, settings));
  }

  /**
   * The sandbox of this name that there is already; none is made. Throws {@link FauxgenError} with the nearest names.
   */
  async existing(name: string): Promise<SandboxHandle> {
    return createSandboxHandle(this.#control, await this.#control.call("GET", sandboxPath(name)));
  }

  /** A sandbox as it was where the bundle was saved, in place of any of its name that is here. */
  async restore(bundle: Bundle): Promise<SandboxHandle> {
    await this.#control.call("PUT", `${sandboxPath(bundle.sandbox)}/bundle`, { body: bundle });
    return this.sandbox(bundle.sandbox);
  }

  /** Names of the sandboxes that there are. */
  async sandboxes(): Promise<string[]> {
    const { items } = await this.#control.call<{ items: { name: string }[] }>("GET", "/sandboxes");
    return items.map(({ name }) => name);
  }

  /** Requests that carried no usable key, or met no route of any vendor. */
  async unassignedRequests(): Promise<UnassignedRequest[]> {
    return (await this.#control.call<{ items: UnassignedRequest[] }>("GET", "/requests/unassigned")).items;
  }

  /** What happens in every sandbox, as it happens, until the signal is aborted. */
  events(options: FollowOptions = {}): AsyncGenerator<SandboxEvent, void> {
    return followEvents(this.#control, "/events", options);
  }

  async health(): Promise<Health> {
    return this.#control.call("GET", "/health");
  }

  /** Ends a server that this library started; one that it connected to goes on. */
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
  /** What opens the control API from an address that is not private. */
  readonly token?: string | undefined;
  /** How long to wait, in real time, for a server that is still starting; `"5s"`. */
  readonly within?: Duration;
}

/**
 * Uses a server that runs somewhere else: in a container, or started by `fauxgen exec`.
 *
 * @example
 * const fauxgen = await connectFauxgen("http://emulator:4600");
 * const sandbox = await fauxgen.sandbox("checkout-spec");
 */
export async function connectFauxgen(url: string, { token, within = "5s" }: ConnectOptions = {}): Promise<Fauxgen> {
  const fauxgen = new Fauxgen(new ControlClient(url, token));
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
