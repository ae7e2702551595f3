/** Stores the idempotency keys of clients. */
import type { Connection, Statement } from "./connection.ts";

/** A key that a client chose for one create request, and the id of what that request created. */
export interface IdempotencyKey {
  readonly accountId: number;
  readonly vendor: string;
  readonly operation: string;
  readonly key: string;
  /** A digest of the inputs; it shows that a key was reused with other inputs. */
  readonly fingerprint: string;
  readonly publicId: string;
  readonly createdAt: number;
}

/** Reads and writes `idempotency_keys`. */
export class IdempotencyRepository {
  readonly #find: Statement<[number, string, string, string], IdempotencyKey>;
  readonly #save: Statement<[IdempotencyKey], unknown>;

  constructor(connection: Connection) {
    this.#find = connection.prepare(`SELECT account_id AS accountId, vendor, operation, key, fingerprint,
      public_id AS publicId, created_at AS createdAt FROM idempotency_keys
      WHERE account_id = ? AND vendor = ? AND operation = ? AND key = ?`);
    this.#save = connection.prepare(`INSERT OR REPLACE INTO idempotency_keys
      (account_id, vendor, operation, key, fingerprint, public_id, created_at)
      VALUES (@accountId, @vendor, @operation, @key, @fingerprint, @publicId, @createdAt)`);
  }

  find(accountId: number, vendor: string, operation: string, key: string): IdempotencyKey | undefined {
    return this.#find.get(accountId, vendor, operation, key);
  }

  /** Binds a key to a new result and replaces its earlier one. Call it in the transaction that creates the result. */
  save(key: IdempotencyKey): void {
    this.#save.run(key);
  }
}
