/** Keeps the accounts of one sandbox. An account is created and stored on first use. */
import type { AccountRepository } from "../../store/accounts.ts";
import { Account, defaultAccounts, type DefaultState } from "../generation/accounts.ts";
import type { AccountSettings } from "./settings.ts";

export interface SandboxAccountsParts {
  /** Returns the row of the sandbox, which a reset replaces. */
  readonly rowOf: () => number;
  readonly repository: AccountRepository;
  readonly defaultState: DefaultState;
  /** Returns the seed that account ids are derived from. */
  readonly seed: () => string;
  /** Returns the account settings in the sandbox's document. */
  readonly documented: () => Readonly<Record<string, AccountSettings>>;
  /** Returns the names of accounts that exist from the start, beside the default ones. */
  readonly listed: () => readonly string[];
}

export class SandboxAccounts {
  readonly #parts: SandboxAccountsParts;
  readonly #byName = new Map<string, Account>();
  readonly #byId = new Map<number, Account>();

  constructor(parts: SandboxAccountsParts) {
    this.#parts = parts;
  }

  /** Returns the account of this name; creates it on first use. */
  obtain(name: string): Account {
    return this.#byName.get(name) ?? this.#make(name);
  }

  /** Returns all accounts. */
  all(): Account[] {
    return [...this.#byName.values()];
  }

  byId(id: number): Account | undefined {
    return this.#byId.get(id);
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  /** Replaces the accounts in memory with the stored ones. */
  load(): void {
    this.#byName.clear();
    this.#byId.clear();
    const { repository, rowOf } = this.#parts;
    for (const { id, name } of repository.inSandbox(rowOf())) this.#remember(id, name);
  }

  /** Creates the missing default and listed accounts. Call it inside a transaction. */
  makeListed(): void {
    for (const name of [...defaultAccounts, ...this.#parts.listed()]) this.obtain(name);
  }

  /** Drops what an undone transaction has left: the accounts it created, and the cached state of the others. */
  forgetUndone(): void {
    const { repository, rowOf } = this.#parts;
    const stored = new Map(repository.inSandbox(rowOf()).map(({ id, name }) => [id, name]));
    for (const account of this.#byName.values()) {
      account.forget();
      if (stored.delete(account.id)) continue;
      this.#byName.delete(account.name);
      this.#byId.delete(account.id);
    }
    for (const [id, name] of stored) this.#remember(id, name);
  }

  /** Stores every counter at its exact value, before the store is copied. */
  storeCounters(): void {
    for (const account of this.#byName.values()) account.storeCounters();
  }

  #make(name: string): Account {
    const { repository, rowOf, documented } = this.#parts;
    const account = this.#remember(repository.insert(rowOf(), name).id, name);
    for (const [vendor, state] of Object.entries(documented()[name]?.vendors ?? {})) account.updateState(vendor, state);
    return account;
  }

  #remember(id: number, name: string): Account {
    const { repository, defaultState, seed } = this.#parts;
    const account = new Account(id, name, { repository, defaultState, seed: seed() });
    this.#byName.set(name, account);
    this.#byId.set(id, account);
    return account;
  }
}
