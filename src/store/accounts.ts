/** Stores accounts, their state at each vendor, their keys, and the counters that their ids come from. */
import type { Connection, DeferredWrite, Statement } from "./connection.ts";

export interface StoredAccount {
  readonly id: number;
  readonly name: string;
}

/** A key that was registered by name; self-describing keys have a row only once they are revoked. */
export interface StoredKey {
  readonly hash: string;
  readonly sandboxId: number;
  readonly account: string;
  /** The only vendor that accepts the key; null when every vendor does. */
  readonly vendor: string | null;
  readonly user: string;
  /** The part of the key that may be shown. */
  readonly hint: string;
  readonly revokedAt: number | null;
}

/** A key with the name of the sandbox that it belongs to. */
export interface FoundKey extends StoredKey {
  readonly sandbox: string;
}

const KEY = `k.hash, k.sandbox_id AS sandboxId, k.account_name AS account, k.vendor, k.user, k.hint,
  k.revoked_at AS revokedAt`;

/** The size of a short row with its indexes. */
const ROW_BYTES = 500;

/** Reads and writes accounts, their state at each vendor, their keys and the counters behind their ids. */
export class AccountRepository {
  readonly #connection: Connection;
  readonly #insert: Statement<[number, string], unknown>;
  readonly #bySandbox: Statement<[number], StoredAccount>;
  readonly #state: Statement<[number, string], { state: string }>;
  readonly #saveState: Statement<[number, string, string], unknown>;
  readonly #counter: Statement<[number, string, string], { value: number }>;
  readonly #saveCounter: Statement<[number, string, string, number], unknown>;
  readonly #saveCounterDeferred: DeferredWrite<[number, string, string, number]>;
  readonly #key: Statement<[string], FoundKey>;
  readonly #saveKey: Statement<[StoredKey], unknown>;
  readonly #deleteKey: Statement<[string], unknown>;
  readonly #keysBySandbox: Statement<[number], StoredKey>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#insert = connection.prepare("INSERT INTO accounts (sandbox_id, name) VALUES (?, ?)");
    this.#bySandbox = connection.prepare("SELECT id, name FROM accounts WHERE sandbox_id = ? ORDER BY id");
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
      `SELECT ${KEY}, s.name AS sandbox FROM keys k JOIN sandboxes s ON s.id = k.sandbox_id WHERE k.hash = ? AND s.name NOT GLOB '~*'`,
    );
    this.#saveKey =
      connection.prepare(`INSERT INTO keys (hash, sandbox_id, account_name, vendor, user, hint, revoked_at)
      VALUES (@hash, @sandboxId, @account, @vendor, @user, @hint, @revokedAt)
      ON CONFLICT DO UPDATE SET sandbox_id = excluded.sandbox_id, account_name = excluded.account_name,
        vendor = excluded.vendor, user = excluded.user, hint = excluded.hint, revoked_at = excluded.revoked_at`);
    this.#deleteKey = connection.prepare("DELETE FROM keys WHERE hash = ?");
    this.#keysBySandbox = connection.prepare(`SELECT ${KEY} FROM keys k WHERE k.sandbox_id = ? ORDER BY k.hint`);
  }

  insert(sandboxId: number, name: string): StoredAccount {
    this.#connection.admit(ROW_BYTES, "an account");
    return { id: Number(this.#insert.run(sandboxId, name).lastInsertRowid), name };
  }

  inSandbox(sandboxId: number): StoredAccount[] {
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

  findKey(hash: string): FoundKey | undefined {
    return this.#key.get(hash);
  }

  /** Registers a key, or changes whether it is revoked. Check with {@link findKey} that no other sandbox has it. */
  saveKey(key: StoredKey): void {
    this.#connection.admit(ROW_BYTES, "a key");
    this.#saveKey.run(key);
  }

  /** Deletes a registered key, which is unknown from then on. */
  deleteKey(hash: string): void {
    this.#deleteKey.run(hash);
  }

  keysOf(sandboxId: number): StoredKey[] {
    return this.#keysBySandbox.all(sandboxId);
  }
}
