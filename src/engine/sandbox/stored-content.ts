/** Reads what a sandbox's memory holds of the store: accounts, rules and cached generations. */
import type { Generations } from "../generation/generations.ts";
import type { Rules } from "../rule/rules.ts";
import type { Damage } from "./damage.ts";
import type { SandboxAccounts } from "./sandbox-accounts.ts";

export interface StoredContentParts {
  readonly generations: Generations;
  readonly accounts: SandboxAccounts;
  readonly rules: Rules;
  readonly damage: Damage;
  readonly onError: (error: unknown) => void;
}

export class StoredContent {
  readonly #parts: StoredContentParts;

  constructor(parts: StoredContentParts) {
    this.#parts = parts;
  }

  /** Reads everything. Throws `UnreadableRow`. */
  load(): void {
    const { generations, accounts, rules } = this.#parts;
    generations.forgetAll();
    accounts.load();
    rules.load();
  }

  /** Reloads what an undone transaction may have changed. Reports errors, because the caller throws its own. */
  loadUndone(): void {
    const { generations, accounts, rules, damage, onError } = this.#parts;
    try {
      generations.forgetCount();
      accounts.forgetUndone();
      rules.load();
    } catch (error) {
      damage.note(error);
      onError(error);
    }
  }
}
