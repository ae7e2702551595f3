/** The accounts of one sandbox. One is made when it is first asked for, and is stored from then on. */
import type { AccountRepository } from "../../store/accounts.ts";
import { Account, defaultAccounts, type DefaultState } from "../generation/accounts.ts";
import type { AccountSettings } from "./settings.ts";

export interface SandboxAccountsParts {
  readonly sandboxId: number;
  readonly repository: AccountRepository;
  readonly defaultState: DefaultState;
  /** What the ids of an account are drawn from. */
  readonly seed: () => string;
  /** What the sandbox's document says of its accounts. */
  readonly documented: () => Readonly<Record<string, AccountSettings>>;
  /** The names of the accounts that are there without being asked for, beside the default ones. */
  readonly listed: () => readonly string[];
}

export class SandboxAccounts {
  readonly #parts: SandboxAccountsParts;
  readonly #byName = new Map<string, Account>();
  readonly #byId = new Map<number, Account>();

  constructor(parts: SandboxAccountsParts) {
    this.#parts = parts;
  }

  /** The account of this name, made on first use. */
  obtain(name: string): Account {
    return this.#byName.get(name) ?? this.#make(name);
  }

  byId(id: number): Account | undefined {
    return this.#byId.get(id);
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  /** Takes up the stored accounts in place of those it has. */
  load(): void {
    this.#byName.clear();
    this.#byId.clear();
    const { repository, sandboxId } = this.#parts;
    for (const { id, name } of repository.inSandbox(sandboxId)) this.#remember(id, name);
  }

  /** Makes the default accounts and the listed ones that are not there. Call it inside a transaction. */
  makeListed(): void {
    for (const name of [...defaultAccounts, ...this.#parts.listed()]) this.obtain(name);
  }

  /** Drops what a transaction that was undone has left: the accounts that it made, and what the others remember of it. */
  forgetUndone(): void {
    const { repository, sandboxId } = this.#parts;
    const stored = new Set(repository.inSandbox(sandboxId).map(({ id }) => id));
    for (const account of this.#byName.values()) {
      account.forget();
      if (stored.has(account.id)) continue;
      this.#byName.delete(account.name);
      this.#byId.delete(account.id);
    }
  }

  /** Stores every counter as it is: before everything stored is copied. */
  storeCounters(): void {
    for (const account of this.#byName.values()) account.storeCounters();
  }

  #make(name: string): Account {
    const { repository, sandboxId, documented } = this.#parts;
    const account = this.#remember(repository.insert(sandboxId, name).id, name);
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
