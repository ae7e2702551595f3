import type { Duration } from "../engine/base/durations.ts";
import type { ControlClient } from "./control-client.ts";
import type { Advanced, ClockDocument } from "./documents.ts";

/** Options of an advance. */
export interface AdvanceOptions {
  /** How long, in real time, to wait at each instant for deliveries and released requests; `"5s"`. */
  readonly settle?: Duration;
}

/** Steers a sandbox's clock. */
export class ClockHandle {
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/clock`;
  }

  /** What it shows. */
  async now(): Promise<Date> {
    return new Date((await this.read()).now);
  }

  /** What it shows, whether and how fast it runs, and when the next thing is due. */
  async read(): Promise<ClockDocument> {
    return this.#control.call("GET", this.#path);
  }

  /** Stops it where it is. */
  async freeze(): Promise<ClockDocument> {
    return this.#control.call("POST", `${this.#path}/freeze`, { body: {} });
  }

  /** Lets it run on from where it is, `rate` times as fast as real time. */
  async resume(rate?: number): Promise<ClockDocument> {
    return this.#control.call("POST", `${this.#path}/resume`, { body: { rate } });
  }

  /** Has it run `rate` times as fast as real time. */
  async speed(rate: number): Promise<ClockDocument> {
    return this.resume(rate);
  }

  /** Puts it at an instant of its future. What falls due until then happens at once, in order. */
  async set(now: Date | string | number): Promise<ClockDocument> {
    return this.#control.call("PUT", this.#path, { body: { now: instantOf(now) } });
  }

  /**
   * Moves it on by a duration, or to an instant, through everything that falls due on the way, in order. Answers when
   * released requests have been answered and webhooks delivered.
   */
  async advance(
    by: Duration | { readonly to: Date | string | number },
    options: AdvanceOptions = {},
  ): Promise<Advanced> {
    const target = typeof by === "object" ? { to: instantOf(by.to) } : { by };
    return this.#control.call("POST", `${this.#path}/advance`, { body: { ...target, ...options } });
  }
}

function instantOf(given: Date | string | number): string | number {
  return given instanceof Date ? given.toISOString() : given;
}
