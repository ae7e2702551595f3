import type { ControlClient } from "./control-client.ts";
import type { Generation, NewGeneration, GenerationMatch } from "./documents.ts";
import { ListReader, type Within } from "./lists.ts";

/** Sees and steers the generations of a sandbox, whichever vendor's. */
export class GenerationsHandle {
  readonly #control: ControlClient;
  readonly #path: string;
  readonly #list: ListReader<Generation>;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/generations`;
    this.#list = new ListReader(control, this.#path, ({ vendor, id }) => `${vendor} ${id}`);
  }

  /** Those that match, oldest first. */
  async list(match: GenerationMatch = {}): Promise<Generation[]> {
    return this.#list.all(match);
  }

  /** The same, once there are `count` of them. */
  async atLeast(count: number, match: GenerationMatch = {}, { within }: Within = {}): Promise<Generation[]> {
    return this.#list.atLeast(count, match, within);
  }

  /**
   * The oldest one that matches and that no earlier call of this handle has answered, waiting for it: how a test
   * takes hold of the job that its app has just made, or is about to make.
   */
  async next(match: GenerationMatch = {}, { within }: Within = {}): Promise<Generation> {
    return this.#list.next(match, within);
  }

  async get(id: string): Promise<Generation> {
    return this.#control.call("GET", this.#pathOf(id));
  }

  /** Creates one without a client, in any phase that the vendor can show. */
  async create(order: NewGeneration): Promise<Generation> {
    return this.#control.call("POST", this.#path, { body: order });
  }

  /** Keeps it in a phase, the one it is in by default, until it is released. */
  async hold(id: string, phase?: "queued" | "processing"): Promise<Generation> {
    return this.#steer(id, "hold", { phase });
  }

  /** Lets a held one go on from now, with the durations it had. */
  async release(id: string): Promise<Generation> {
    return this.#steer(id, "release", {});
  }

  /** Ends it well now, with every unfinished output made. */
  async finish(id: string): Promise<Generation> {
    return this.#steer(id, "finish", {});
  }

  /** Ends it badly now, with one of the vendor's failure codes (its usual one by default). */
  async fail(
    id: string,
    failure: { readonly code?: string; readonly message?: string; readonly phase?: "failed" | "rejected" } = {},
  ): Promise<Generation> {
    return this.#steer(id, "fail", failure);
  }

  /** Ends it as cancelled now. */
  async cancel(id: string): Promise<Generation> {
    return this.#steer(id, "cancel", {});
  }

  /** Sets the progress that readers are shown, in percent. */
  async setProgress(id: string, percent: number): Promise<Generation> {
    return this.#steer(id, "progress", { percent });
  }

  /** Has {@link next} begin anew. */
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
