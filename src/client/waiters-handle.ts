import type { ControlClient } from "./control-client.ts";
import type { HeldRequest, HeldRequestMatch } from "./documents.ts";
import { ListReader, type Within } from "./lists.ts";

/** Sees the requests that are being held. */
export class WaitersHandle {
  readonly #list: ListReader<HeldRequest>;

  constructor(control: ControlClient, sandboxPath: string) {
    this.#list = new ListReader(control, `${sandboxPath}/waiters`, ({ id }) => id);
  }

  /** Those that match, longest held first. */
  async list(match: HeldRequestMatch = {}): Promise<HeldRequest[]> {
    return this.#list.all(match);
  }

  /** The same, once `count` requests are held: so a test advances the clock only when its client is waiting. */
  async atLeast(count: number, match: HeldRequestMatch = {}, { within }: Within = {}): Promise<HeldRequest[]> {
    return this.#list.atLeast(count, match, within);
  }
}
