/** Stores the idempotency keys of clients. */
import type { Connection, Statement } from "./connection.ts";

/** A key that a client sent with a create, and what that create made. */
export interface IdempotencyRow {
  readonly account_id: number;
  readonly vendor: string;
  readonly operation: string;
  readonly key: string;
  /** A digest of the inputs, which shows that a key comes again with other inputs. */
  readonly fingerprint: string;
  readonly public_id: string;
  readonly created_at: number;
}

/** Reads and writes `idempotency_keys`. */
export class IdempotencyRepository {
  readonly #find: Statement<[number, string, string, string], IdempotencyRow>;
  readonly #save: Statement<[IdempotencyRow], unknown>;

  constructor(connection: Connection) {
    this.#find = connection.prepare(
      "SELECT * FROM idempotency_keys WHERE account_id = ? AND vendor = ? AND operation = ? AND key = ?",
    );
    this.#save = connection.prepare(`INSERT OR REPLACE INTO idempotency_keys
      (account_id, vendor, operation, key, fingerprint, public_id, created_at)
      VALUES (@account_id, @vendor, @operation, @key, @fingerprint, @public_id, @created_at)`);
  }

  find(accountId: number, vendor: string, operation: string, key: string): IdempotencyRow | undefined {
    return this.#find.get(accountId, vendor, operation, key);
  }

  /** Stores a key, in place of an earlier use. Call it in the transaction that stores what the create made. */
  save(row: IdempotencyRow): void {
    this.#save.run(row);
  }
}
