import type { Connection, Statement } from "./connection.ts";

/** A key that a client chose for one creating request, and what that request made. */
export interface IdempotencyRow {
  readonly account_id: number;
  readonly vendor: string;
  readonly operation: string;
  readonly key: string;
  /** Digest of the inputs, by which a key that comes with other ones is told. */
  readonly fingerprint: string;
  readonly public_id: string;
  readonly created_at: number;
}

/** The `idempotency_keys` table. */
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

  /** Binds a key, in the place of what it was bound to before. Call it in the transaction of what it made. */
  save(row: IdempotencyRow): void {
    this.#save.run(row);
  }
}
