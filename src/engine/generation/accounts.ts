/**
 * Accounts and their keys. An account is an owner inside a sandbox; what it has at a vendor (plan, credits, limits)
 * is a document of that vendor's, which it makes on first use from the account's name.
 */
import type { z } from "zod";
import type { AccountRepository } from "../../store/accounts.ts";
import { isUnwritable } from "../../store/database.ts";
import { digestOf, type Digest } from "../base/ids.ts";

/** The accounts that every new sandbox has. Any other name behaves as `main`. */
export const defaultAccounts = ["main", "other", "free", "broke", "limited", "revoked"] as const;

/** What a vendor gives an account that it sees for the first time. */
export type DefaultState = (vendor: string, account: string) => Readonly<Record<string, unknown>>;

/** How many ids of a passing kind one write takes. */
const PASSING_AT_ONCE = 64;

interface PassingCounter {
  readonly vendor: string;
  readonly kind: string;
  value: number;
  /** Up to where the store knows of it. */
  stored: number;
}

/** What the accounts of a sandbox share. */
export interface AccountParts {
  readonly repository: AccountRepository;
  readonly defaultState: DefaultState;
  /** What ids are drawn from. */
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

  /** Plan, credits and limits at a vendor, in that vendor's shape. */
  state(vendor: string): Readonly<Record<string, unknown>> {
    let state = this.#states.get(vendor);
    if (state === undefined) {
      const stored = this.#repository.state(this.id, vendor);
      state =
        stored === undefined ? this.#defaultState(vendor, this.name) : (JSON.parse(stored) as Record<string, unknown>);
      this.#states.set(vendor, state);
    }
    return state;
  }

  /** The same, as the vendor's schema reads it; read once for as long as the state stays. */
  stateAs<State>(vendor: string, schema: z.ZodType<State>): State {
    const state = this.state(vendor);
    const known = this.#parsed.get(vendor);
    if (known?.state === state) return known.parsed as State;
    const parsed = schema.parse(state);
    this.#parsed.set(vendor, { state, parsed });
    return parsed;
  }

  /** Changes some fields of the state; call it inside the transaction of whatever causes the change. */
  updateState(vendor: string, change: Readonly<Record<string, unknown>>): void {
    const state = { ...this.state(vendor), ...change };
    this.#repository.saveState(this.id, vendor, JSON.stringify(state));
    this.#states.set(vendor, state);
  }

  /**
   * The digest behind the next id of a kind at a vendor. The counter is stored, so call it inside the transaction
   * that stores what the id names.
   */
  nextDigest(vendor: string, kind: string): Digest {
    const value = this.#count(vendor, kind);
    this.#repository.saveCounterDeferred(this.id, vendor, kind, value);
    return digestOf(this.#seed, vendor, this.name, kind, value);
  }

  /**
   * The same for ids that only accompany an exchange (a request id) and are not worth a write each: so many are taken
   * at once, and those that are left when the process dies are passed over.
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

  /** Stores counters as they are, none passed over: before everything stored is copied. */
  storeCounters(): void {
    for (const counter of this.#passing.values()) this.#storePassing(counter, counter.value);
  }

  /** Drops what is remembered, after a transaction was undone. */
  forget(): void {
    this.#states.clear();
    this.#counters.clear();
  }

  /** An answer that stores nothing else is not to fail for a full disk: those ids are then counted in memory only. */
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

  #count(vendor: string, kind: string): number {
    const name = `${vendor} ${kind}`;
    const value = (this.#counters.get(name) ?? this.#repository.counter(this.id, vendor, kind)) + 1;
    this.#counters.set(name, value);
    return value;
  }
}

/** What a key says of itself: `[prefix]fx_<sandbox>_<account>[_<user>]`. */
export interface KeyDescription {
  readonly sandbox: string;
  readonly account: string;
  readonly user: string;
}

const SELF_DESCRIBING = /^(.*?)fx_([a-z0-9-]{1,40})_([a-z0-9-]{1,40})(?:_([a-z0-9-]{1,40}))?$/;
const LOOKS_SELF_DESCRIBING = /fx_/;

/** Short words that say what a key is for, as in `test-fx_w1_main`; any other prefix may be a real key. */
const PLAIN_BEGINNING = /^(?:[a-z]{1,5}[-_]){0,2}fx_/;

/** What a self-describing key names; `"malformed"` for one that looks so and does not parse; undefined for any other. */
export function describeKey(key: string): KeyDescription | "malformed" | undefined {
  const match = SELF_DESCRIBING.exec(key);
  const [, , sandbox, account, user] = match ?? [];
  if (sandbox !== undefined && account !== undefined) return { sandbox, account, user: user ?? "owner" };
  return LOOKS_SELF_DESCRIBING.test(key) ? "malformed" : undefined;
}

/** How a key is stored. */
export function hashKey(key: string): string {
  return digestOf("key", key);
}

/**
 * What may be shown of a key: enough to recognise it, not enough to use it. What describes itself is no secret, but
 * what stands before it may be, and what only looks so may be a real key.
 */
export function hintOf(key: string): string {
  if (PLAIN_BEGINNING.test(key)) return key;
  const prefix = SELF_DESCRIBING.exec(key)?.[1];
  if (prefix !== undefined) return `…${key.slice(prefix.length)}`;
  return key.length < 12 ? "…" : `${key.slice(0, 4)}…${key.slice(-2)}`;
}
