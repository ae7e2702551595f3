/** Lists and verifies the requests in a sandbox's journal. */
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

/** Reads and verifies the requests of a sandbox's clients and their responses. */
export class RequestsHandle {
  readonly #control: ControlClient;
  readonly #path: string;
  readonly #list: ListReader<JournalRequest>;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#control = control;
    this.#path = `${sandboxPath}/requests`;
    this.#list = new ListReader(control, this.#path, ({ id }) => id);
  }

  /** Returns the matching requests, oldest first. */
  async list(match: RequestMatch = {}): Promise<JournalRequest[]> {
    return this.#list.all(match);
  }

  /** Waits until at least `count` requests match, and returns them. */
  async atLeast(count: number, match: RequestMatch = {}, { within }: Within = {}): Promise<JournalRequest[]> {
    return this.#list.atLeast(count, match, within);
  }

  /** Returns the oldest matching request that no earlier call of this handle returned, and waits for it. */
  async next(match: RequestMatch = {}, { within }: Within = {}): Promise<JournalRequest> {
    return this.#list.next(match, within);
  }

  /**
   * Throws unless the expected number of requests matches. With `within`, waits that long for them. The error names the
   * nearest requests and the first field that differs.
   */
  async verify(expectation: Expectation): Promise<Verified> {
    return this.#control.call("POST", `${this.#path}/verify`, { body: expectation });
  }

  /** Throws unless requests that match these steps were made in this order. Other requests may come between them. */
  async sequence(steps: readonly SequenceStep[], { within }: Within = {}): Promise<VerifiedSequence> {
    return this.#control.call("POST", `${this.#path}/sequence`, { body: { steps, within } });
  }

  /** Deletes the requests of the journal; held requests stay. */
  async clear(): Promise<void> {
    await this.#control.call("DELETE", this.#path);
    this.forget();
  }

  /** Forgets which requests {@link next} has returned. */
  forget(): void {
    this.#list.forget();
  }
}
