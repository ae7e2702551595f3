/** Lists and awaits a sandbox's held requests. */
import type { ControlClient } from "./control-client.ts";
import type { HeldRequest, HeldRequestMatch } from "./documents.ts";
import { ListReader, type Within } from "./lists.ts";

/** Lists the held requests of a sandbox. */
export class WaitersHandle {
  readonly #list: ListReader<HeldRequest>;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#list = new ListReader(control, `${sandboxPath}/waiters`, ({ id }) => id);
  }

  /** Returns the matching requests, longest held first. */
  async list(match: HeldRequestMatch = {}): Promise<HeldRequest[]> {
    return this.#list.all(match);
  }

  /** Waits until `count` requests are held, and returns them. A test calls it before it advances the clock. */
  async atLeast(count: number, match: HeldRequestMatch = {}, { within }: Within = {}): Promise<HeldRequest[]> {
    return this.#list.atLeast(count, match, within);
  }
}
