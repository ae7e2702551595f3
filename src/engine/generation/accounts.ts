/**
 * Defines accounts and their keys. An account is an owner inside a sandbox. Its state at a vendor (plan, credits,
 * limits) is a document of that vendor, created on first use from the account's name.
 */
import { z } from "zod";
import type { AccountRepository } from "../../store/accounts.ts";
import { isUnwritable } from "../../store/database.ts";
import { readRow } from "../../store/unreadable-row.ts";
import { digestOf, type Digest } from "../base/ids.ts";

/** The accounts that every sandbox starts with. An account of any other name behaves as `main`. */
export const defaultAccounts = ["main", "other", "free", "broke", "limited", "revoked"] as const;

/** Returns the state that a vendor gives an account on first use. */
export type DefaultState = (vendor: string, account: string) => Readonly<Record<string, unknown>>;

/** How many passing ids one write reserves. */
const PASSING_AT_ONCE = 64;

const storedState = z.record(z.string(), z.unknown());

interface PassingCounter {
  readonly vendor: string;
  readonly kind: string;
  value: number;
  /** The highest value that the store has reserved. */
  stored: number;
}

/** The parts that all accounts of a sandbox share. */
export interface AccountParts {
  readonly repository: AccountRepository;
  readonly defaultState: DefaultState;
  /** The seed that ids are derived from. */
  readonly seed: string;
}

export class Account {
  readonly id: number;
  readonly name: string;
  readonly #repository: AccountRepository;
  readonly #defaultState: DefaultState;
  readonly #seed: string;
  readonly #states = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #parsed = new Map<string, { readonly state: unknown; readonly parsed: unknown }>();
  readonly #counters = new Map<string, number>();
  readonly #passing = new Map<string, PassingCounter>();

  constructor(id: number, name: string, { repository, defaultState, seed }: AccountParts) {
    this.id = id;
    this.name = name;
    this.#repository = repository;
    this.#seed = seed;
    this.#defaultState = defaultState;
  }

  /** Returns the account's plan, credits and limits at a vendor, in that vendor's format. */
  state(vendor: string): Readonly<Record<string, unknown>> {
    let state = this.#states.get(vendor);
    if (state === undefined) {
      const stored = this.#repository.state(this.id, vendor);
      state = stored === undefined ? this.#defaultState(vendor, this.name) : this.#stateFrom(vendor, stored);
      this.#states.set(vendor, state);
    }
    return state;
  }

  /** Returns the state parsed by the vendor's schema; parses it once per change. */
  stateAs<State>(vendor: string, schema: z.ZodType<State>): State {
    const state = this.state(vendor);
    const known = this.#parsed.get(vendor);
    if (known?.state === state) return known.parsed as State;
    const parsed = readRow("account_states", `${this.name} at ${vendor}`, () => schema.parse(state));
    this.#parsed.set(vendor, { state, parsed });
    return parsed;
  }

  /** Changes some fields of the state; call it inside the transaction that causes the change. */
  updateState(vendor: string, change: Readonly<Record<string, unknown>>): void {
    const state = { ...this.state(vendor), ...change };
    this.#repository.saveState(this.id, vendor, JSON.stringify(state));
    this.#states.set(vendor, state);
  }

  /**
   * Applies a changed default. A state that is not stored follows it anyway; of a stored state, it replaces the given
   * fields.
   */
  applyDefault(vendor: string, change: Readonly<Record<string, unknown>>): void {
    this.#states.delete(vendor);
    if (this.#repository.state(this.id, vendor) !== undefined) this.updateState(vendor, change);
  }

  /**
   * Returns the digest for the next id of a kind at a vendor. The counter is stored, so call it inside the transaction
   * that stores the named thing.
   */
  nextDigest(vendor: string, kind: string): Digest {
    const value = this.#count(vendor, kind);
    this.#repository.saveCounterDeferred(this.id, vendor, kind, value);
    return digestOf(this.#seed, vendor, this.name, kind, value);
  }

  /**
   * Returns the digest for the next passing id, which only accompanies an exchange (a request id) and is not worth a
   * write each. One write reserves several; those left over when the process dies are skipped.
   */
  nextPassingDigest(vendor: string, kind: string): Digest {
    const name = `${vendor} ${kind}`;
    let counter = this.#passing.get(name);
    if (counter === undefined) {
      const value = this.#repository.counter(this.id, vendor, kind);
      counter = { vendor, kind, value, stored: value };
      this.#passing.set(name, counter);
    }
    counter.value += 1;
    if (counter.value > counter.stored) this.#reservePassing(counter);
    return digestOf(this.#seed, vendor, this.name, kind, counter.value);
  }

  /** Stores every counter at its exact value, so that a copy of the store skips no id. */
  storeCounters(): void {
    for (const counter of this.#passing.values()) this.#storePassing(counter, counter.value);
  }

  /** Drops cached values, after a transaction was undone. */
  forget(): void {
    this.#states.clear();
    this.#counters.clear();
  }

  /**
   * Reserves passing ids. On a full disk they are counted in memory only, because an answer that stores nothing else
   * must not fail.
   */
  #reservePassing(counter: PassingCounter): void {
    try {
      this.#storePassing(counter, counter.value + PASSING_AT_ONCE - 1);
    } catch (error) {
      if (!isUnwritable(error)) throw error;
    }
  }

  #storePassing(counter: PassingCounter, value: number): void {
    this.#repository.saveCounter(this.id, counter.vendor, counter.kind, value);
    counter.stored = value;
  }

  #stateFrom(vendor: string, stored: string): Readonly<Record<string, unknown>> {
    return readRow("account_states", `${this.name} at ${vendor}`, () => storedState.parse(JSON.parse(stored)));
  }

  #count(vendor: string, kind: string): number {
    const name = `${vendor} ${kind}`;
    const value = (this.#counters.get(name) ?? this.#repository.counter(this.id, vendor, kind)) + 1;
    this.#counters.set(name, value);
    return value;
  }
}
