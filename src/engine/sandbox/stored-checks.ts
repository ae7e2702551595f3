/**
 * Decodes what an earlier process stored of a sandbox, before the sandbox is shown. One check per start is enough: the
 * server locks its file, so another program can damage the file only between two runs.
 */
import { UnreadableRow } from "../../store/unreadable-row.ts";
import { Turns, type Steps } from "../base/turns.ts";
import type { Sandbox, World } from "./sandbox.ts";

interface DueCheck {
  /** Aborted when the sandbox loses the content that is to be checked. */
  readonly ending: AbortSignal;
  /** The check under way, which all readers await. */
  run: Promise<void> | undefined;
}

export class StoredChecks {
  readonly #world: Pick<World, "wall" | "checkStored">;
  readonly #due = new WeakMap<Sandbox, DueCheck>();

  constructor(world: Pick<World, "wall" | "checkStored">) {
    this.#world = world;
  }

  /** Plans the check of a sandbox that an earlier process stored. */
  plan(sandbox: Sandbox): void {
    this.#due.set(sandbox, { ending: sandbox.ending, run: undefined });
  }

  /** Runs the planned check, with pauses. A row that cannot be read becomes the sandbox's damage. */
  async complete(sandbox: Sandbox): Promise<void> {
    const due = this.#due.get(sandbox);
    if (due === undefined) return;
    due.run ??= new Turns(this.#world.wall).run(this.#check(sandbox, due.ending));
    try {
      await due.run;
      this.#due.delete(sandbox);
    } catch (error) {
      // For example, the disk could not be read: the next reader tries again.
      due.run = undefined;
      throw error;
    }
  }

  *#check(sandbox: Sandbox, ending: AbortSignal): Steps<void> {
    const steps = this.#world.checkStored?.(sandbox);
    try {
      while (steps !== undefined && sandbox.damage === undefined && !ending.aborted && steps.next().done !== true)
        yield;
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error;
      sandbox.damageRecord.note(error);
    }
  }
}
