/** Stores accounts, their state at each vendor, their keys, and the counters that their ids come from. */
import type { Connection, DeferredWrite, Statement } from "./connection.ts";

export interface AccountRow {
  readonly id: number;
  readonly sandbox_id: number;
  readonly name: string;
}

/** A registered key, or a self-describing key that was revoked. */
export interface KeyRow {
  readonly hash: string;
  readonly sandbox_id: number;
  readonly account_name: string;
  /** The only vendor that accepts the key; null when all do. */
  readonly vendor: string | null;
  readonly user: string;
  /** The part of the key that may be shown. */
  readonly hint: string;
  readonly revoked_at: number | null;
}

/** Reads and writes `accounts`, `account_states`, `keys` and `counters`. */
export class AccountRepository {
  readonly #insert: Statement<[number, string], unknown>;
  readonly #bySandbox: Statement<[number], AccountRow>;
  readonly #state: Statement<[number, string], { state: string }>;
  readonly #saveState: Statement<[number, string, string], unknown>;
  readonly #counter: Statement<[number, string, string], { value: number }>;
  readonly #saveCounter: Statement<[number, string, string, number], unknown>;
  readonly #saveCounterDeferred: DeferredWrite<[number, string, string, number]>;
  readonly #key: Statement<[string], KeyRow & { sandbox_name: string }>;
  readonly #saveKey: Statement<[KeyRow], unknown>;
  readonly #keysBySandbox: Statement<[number], KeyRow>;

  constructor(connection: Connection) {
    this.#insert = connection.prepare("INSERT INTO accounts (sandbox_id, name) VALUES (?, ?)");
    this.#bySandbox = connection.prepare("SELECT * FROM accounts WHERE sandbox_id = ? ORDER BY id");
    this.#state = connection.prepare("SELECT state FROM account_states WHERE account_id = ? AND vendor = ?");
    this.#saveState = connection.prepare(
      "INSERT INTO account_states (account_id, vendor, state) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET state = excluded.state",
    );
    this.#counter = connection.prepare("SELECT value FROM counters WHERE account_id = ? AND vendor = ? AND kind = ?");
    const saveCounter = `INSERT INTO counters (account_id, vendor, kind, value) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET value = excluded.value`;
    this.#saveCounter = connection.prepare(saveCounter);
    this.#saveCounterDeferred = connection.prepareDeferred(saveCounter);
    this.#key = connection.prepare(
      "SELECT k.*, s.name AS sandbox_name FROM keys k JOIN sandboxes s ON s.id = k.sandbox_id WHERE k.hash = ?",
    );
    this.#saveKey = connection.prepare(`INSERT INTO keys
      (hash, sandbox_id, account_name, vendor, user, hint, revoked_at)
      VALUES (@hash, @sandbox_id, @account_name, @vendor, @user, @hint, @revoked_at)
      ON CONFLICT DO UPDATE SET revoked_at = excluded.revoked_at`);
    this.#keysBySandbox = connection.prepare("SELECT * FROM keys WHERE sandbox_id = ? ORDER BY hint");
  }

  insert(sandboxId: number, name: string): AccountRow {
    return { id: Number(this.#insert.run(sandboxId, name).lastInsertRowid), sandbox_id: sandboxId, name };
  }

  inSandbox(sandboxId: number): AccountRow[] {
    return this.#bySandbox.all(sandboxId);
  }

  state(accountId: number, vendor: string): string | undefined {
    return this.#state.get(accountId, vendor)?.state;
  }

  saveState(accountId: number, vendor: string, state: string): void {
    this.#saveState.run(accountId, vendor, state);
  }

  counter(accountId: number, vendor: string, kind: string): number {
    return this.#counter.get(accountId, vendor, kind)?.value ?? 0;
  }

  saveCounter(accountId: number, vendor: string, kind: string, value: number): void {
    this.#saveCounter.run(accountId, vendor, kind, value);
  }

  /** Defers the write of a counter whose value the caller remembers. */
  saveCounterDeferred(accountId: number, vendor: string, kind: string, value: number): void {
    this.#saveCounterDeferred.run(`${accountId} ${vendor} ${kind}`, [accountId, vendor, kind, value]);
  }

  findKey(hash: string): (KeyRow & { readonly sandbox_name: string }) | undefined {
    return this.#key.get(hash);
  }

  /** Registers a key, or changes when it was revoked. Check with {@link findKey} first that no other sandbox has it. */
  saveKey(row: KeyRow): void {
    this.#saveKey.run(row);
  }

  keysOf(sandboxId: number): KeyRow[] {
    return this.#keysBySandbox.all(sandboxId);
  }
}
