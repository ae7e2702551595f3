/**
 * Identifies the row that a sandbox is stored under. A reset and a bundle store a new row and retire the present one,
 * which is short however much it holds.
 */
import type { StoredSandbox } from "../../store/sandboxes.ts";
import type { Store } from "../../store/store.ts";
import type { ClockState } from "../base/clock.ts";
import type { SandboxSettings } from "./settings.ts";

export class SandboxRow {
  readonly #store: Store;
  readonly #name: string;
  #id: number;
  #epoch: number;

  constructor(store: Store, { id, name, epoch }: StoredSandbox) {
    this.#store = store;
    this.#name = name;
    this.#id = id;
    this.#epoch = epoch;
  }

  get id(): number {
    return this.#id;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Makes a prepared row, by default a new one, the sandbox's own, in the next epoch. Call it inside a transaction. */
  replace(document: SandboxSettings, clock: ClockState, prepared?: number): void {
    const { sandboxes } = this.#store;
    const next = prepared ?? sandboxes.prepare(JSON.stringify(document), JSON.stringify(clock));
    sandboxes.replace(this.#id, { id: next, name: this.#name, epoch: this.#epoch + 1 });
    this.#id = next;
    this.#epoch += 1;
  }

  /** Ends the epoch of a sandbox that is deleted. */
  end(): void {
    this.#epoch += 1;
  }

  /** Returns a function that puts the present row back. */
  remember(): () => void {
    const id = this.#id;
    const epoch = this.#epoch;
    return () => {
      this.#id = id;
      this.#epoch = epoch;
    };
  }
}
