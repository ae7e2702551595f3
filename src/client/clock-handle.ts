/** Reads, freezes, resumes, sets and advances a sandbox's clock. */
import type { Duration } from "../engine/base/durations.ts";
import type { ControlClient } from "./control-client.ts";
import type { Advanced, ClockDocument } from "./documents.ts";

/** Options of an advance. */
export interface AdvanceOptions {
  /** The real time to wait at each instant for deliveries and released requests; by default `"5s"`. */
  readonly settle?: Duration;
}

/** Reads and moves a sandbox's clock. */
export class ClockHandle {
  readonly #control: ControlClient;
  readonly #path: string;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/clock`;
  }

  /** Returns the clock's current instant. */
  async now(): Promise<Date> {
    return new Date((await this.read()).now);
  }

  /** Returns the clock's instant, its mode, its rate, and the instant of the next due event. */
  async read(): Promise<ClockDocument> {
    return this.#control.call("GET", this.#path);
  }

  /** Freezes the clock at its current instant. */
  async freeze(): Promise<ClockDocument> {
    return this.#control.call("POST", `${this.#path}/freeze`, { body: {} });
  }

  /** Resumes the clock from its current instant, `rate` times as fast as real time. */
  async resume(rate?: number): Promise<ClockDocument> {
    return this.#control.call("POST", `${this.#path}/resume`, { body: { rate } });
  }

  /** Runs the clock `rate` times as fast as real time. */
  async speed(rate: number): Promise<ClockDocument> {
    return this.resume(rate);
  }

  /** Sets the clock to a later instant. Everything that falls due until then happens immediately, in order. */
  async set(now: Date | string | number): Promise<ClockDocument> {
    return this.#control.call("PUT", this.#path, { body: { now: instantOf(now) } });
  }

  /**
   * Advances the clock by a duration or to an instant. Everything that falls due on the way happens in order. Returns
   * when released requests are answered and webhooks are delivered.
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
