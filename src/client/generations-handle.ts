/** Lists, creates, awaits and steers a sandbox's generations. */
import type { ControlClient } from "./control-client.ts";
import type { Generation, NewGeneration, GenerationMatch } from "./documents.ts";
import { ListReader, type Within } from "./lists.ts";

/** Reads and controls the generations of a sandbox at all vendors. */
export class GenerationsHandle {
  readonly #control: ControlClient;
  readonly #path: string;
  readonly #list: ListReader<Generation>;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/generations`;
    this.#list = new ListReader(control, this.#path, ({ vendor, id }) => `${vendor} ${id}`);
  }

  /** Returns the matching generations, oldest first. */
  async list(match: GenerationMatch = {}): Promise<Generation[]> {
    return this.#list.all(match);
  }

  /** Waits until at least `count` generations match, and returns them. */
  async atLeast(count: number, match: GenerationMatch = {}, { within }: Within = {}): Promise<Generation[]> {
    return this.#list.atLeast(count, match, within);
  }

  /**
   * Returns the oldest matching generation that no earlier call of this handle returned, and waits for it. A test gets
   * the job of its app this way, before or after the app creates it.
   */
  async next(match: GenerationMatch = {}, { within }: Within = {}): Promise<Generation> {
    return this.#list.next(match, within);
  }

  async get(id: string): Promise<Generation> {
    return this.#control.call("GET", this.#pathOf(id));
  }

  /** Creates a generation without a client, in any phase that the vendor can show. */
  async create(order: NewGeneration): Promise<Generation> {
    return this.#control.call("POST", this.#path, { body: order });
  }

  /** Holds the generation in a phase, by default its current phase, until it is released. */
  async hold(id: string, phase?: "queued" | "processing"): Promise<Generation> {
    return this.#steer(id, "hold", { phase });
  }

  /** Continues a held generation from now, with its planned durations. */
  async release(id: string): Promise<Generation> {
    return this.#steer(id, "release", {});
  }

  /** Ends the generation successfully now, and completes its unfinished outputs. */
  async finish(id: string): Promise<Generation> {
    return this.#steer(id, "finish", {});
  }

  /** Fails the generation now, with a failure code of the vendor (by default its usual code). */
  async fail(
    id: string,
    failure: { readonly code?: string; readonly message?: string; readonly phase?: "failed" | "rejected" } = {},
  ): Promise<Generation> {
    return this.#steer(id, "fail", failure);
  }

  /** Cancels the generation now. */
  async cancel(id: string): Promise<Generation> {
    return this.#steer(id, "cancel", {});
  }

  /** Sets the progress that status reads show, in percent. */
  async setProgress(id: string, percent: number): Promise<Generation> {
    return this.#steer(id, "progress", { percent });
  }

  /** Forgets which generations {@link next} has returned. */
  forget(): void {
    this.#list.forget();
  }

  async #steer(id: string, action: string, body: unknown): Promise<Generation> {
    return this.#control.call("POST", `${this.#pathOf(id)}/${action}`, { body });
  }

  #pathOf(id: string): string {
    return `${this.#path}/${encodeURIComponent(id)}`;
  }
}
