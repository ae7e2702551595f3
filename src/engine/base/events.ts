/** Publishes the events of a sandbox to followers and to calls that wait `within` a time. */
import { EventEmitter } from "node:events";
import type { Instant } from "./clock.ts";

export const sandboxEventKinds = [
  "request.arrived",
  "request.finished",
  "generation.created",
  "generation.transition",
  "generation.changed",
  "generation.deleted",
  "waiter.held",
  "waiter.released",
  "delivery.changed",
  "rule.hit",
  "rule.added",
  "rule.deleted",
  "clock.moved",
  "sandbox.reset",
  "request.unassigned",
  "sandbox.created",
  "sandbox.deleted",
] as const;

type SandboxEventKind = (typeof sandboxEventKinds)[number];

export interface SandboxEvent {
  readonly kind: SandboxEventKind;
  /** On the sandbox's clock. */
  readonly at: Instant;
  /** Instants in details are of type Date, which JSON shows as text. */
  readonly [detail: string]: unknown;
}

export class SandboxEvents {
  readonly #emitter = new EventEmitter<{ event: [SandboxEvent] }>().setMaxListeners(0);
  readonly #whenStored: (publish: () => void) => void;

  /** `whenStored` calls back once the current transaction is stored, and never if it is undone. */
  constructor(whenStored: (publish: () => void) => void) {
    this.#whenStored = whenStored;
  }

  /** Whether any listener follows; costly event details are computed only then. */
  get isFollowed(): boolean {
    return this.#emitter.listenerCount("event") > 0;
  }

  /** Publishes an event; inside a transaction, once that is stored. */
  publish(event: SandboxEvent): void {
    this.#whenStored(() => {
      this.#emitter.emit("event", event);
    });
  }

  /** Follows events from now on; call the result to stop. */
  follow(listener: (event: SandboxEvent) => void): () => void {
    this.#emitter.on("event", listener);
    return () => {
      this.#emitter.off("event", listener);
    };
  }
}
