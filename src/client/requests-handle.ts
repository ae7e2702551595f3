import type { ControlClient } from "./control-client.ts";
import type {
  Expectation,
  JournalRequest,
  RequestMatch,
  SequenceStep,
  Verified,
  VerifiedSequence,
} from "./documents.ts";
import { ListReader, type Within } from "./lists.ts";

/** What clients asked of a sandbox's vendors, and what they got. */
export class RequestsHandle {
  readonly #control: ControlClient;
  readonly #path: string;
  readonly #list: ListReader<JournalRequest>;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/requests`;
    this.#list = new ListReader(control, this.#path, ({ id }) => id);
  }

  /** Those that match, oldest first. */
  async list(match: RequestMatch = {}): Promise<JournalRequest[]> {
    return this.#list.all(match);
  }

  /** The same, once there are `count` of them. */
  async atLeast(count: number, match: RequestMatch = {}, { within }: Within = {}): Promise<JournalRequest[]> {
    return this.#list.atLeast(count, match, within);
  }

  /** The oldest one that matches and that no earlier call of this handle has answered, waiting for it. */
  async next(match: RequestMatch = {}, { within }: Within = {}): Promise<JournalRequest> {
    return this.#list.next(match, within);
  }

  /**
   * Throws unless as many requests as expected match; with `within`, waits that long for them. What it throws names
   * the nearest requests and the first field that differs.
   */
  async verify(expectation: Expectation): Promise<Verified> {
    return this.#control.call("POST", `${this.#path}/verify`, { body: expectation });
  }

  /** Throws unless requests that match were made in this order; others may lie between them. */
  async sequence(steps: readonly SequenceStep[], { within }: Within = {}): Promise<VerifiedSequence> {
    return this.#control.call("POST", `${this.#path}/sequence`, { body: { steps, within } });
  }

  /** Forgets what clients asked so far; requests that are held stay. */
  async clear(): Promise<void> {
    await this.#control.call("DELETE", this.#path);
    this.forget();
  }

  /** Has {@link next} begin anew. */
  forget(): void {
    this.#list.forget();
  }
}
