/** Deletes the rows of sandboxes that no name leads to any more, a few at a time. */
import type { Connection, Statement } from "./connection.ts";

/** Marks a row that is being filled, and that is the sandbox's own once it is complete. Sandboxes have no such names. */
export const PREPARED = "~new-";

/** Marks a row that was a sandbox's, and whose rows are deleted one slice after the other. */
export const RETIRED = "~old-";

const ROWS_AT_ONCE = 16;
/** A chunk of an upload fills many pages. */
const CHUNKS_AT_ONCE = 2;

const IN_SANDBOX = "account_id IN (SELECT id FROM accounts WHERE sandbox_id = ?)";

/** The statements that delete some rows of a sandbox, each after the rows that refer to its own. */
const DELETIONS: readonly string[] = [
  `upload_chunks WHERE (upload_id, position) IN (
    SELECT upload_id, position FROM upload_chunks JOIN uploads ON uploads.id = upload_id WHERE sandbox_id = ? LIMIT ${CHUNKS_AT_ONCE})`,
  ...["deliveries", "generations", "resources", "upload_slots", "uploads", "rules"].map(
    (table) => `${table} WHERE id IN (SELECT id FROM ${table} WHERE sandbox_id = ? LIMIT ${ROWS_AT_ONCE})`,
  ),
  `idempotency_keys WHERE (account_id, vendor, operation, key) IN (
    SELECT account_id, vendor, operation, key FROM idempotency_keys WHERE ${IN_SANDBOX} LIMIT ${ROWS_AT_ONCE})`,
  `scenarios WHERE (sandbox_id, name) IN (SELECT sandbox_id, name FROM scenarios WHERE sandbox_id = ? LIMIT ${ROWS_AT_ONCE})`,
  `rule_uses WHERE (sandbox_id, number) IN (SELECT sandbox_id, number FROM rule_uses WHERE sandbox_id = ? LIMIT ${ROWS_AT_ONCE})`,
  "rule_lists WHERE sandbox_id = ?",
  `keys WHERE hash IN (SELECT hash FROM keys WHERE sandbox_id = ? LIMIT ${ROWS_AT_ONCE})`,
  `accounts WHERE id IN (SELECT id FROM accounts WHERE sandbox_id = ? LIMIT ${ROWS_AT_ONCE})`,
  "sandboxes WHERE id = ?",
];

/** At least one of so many retired sandboxes is not being read any more. */
const LOOKED_AT = 32;

export class LeftoverRepository {
  readonly #isRead: (id: number) => boolean;
  readonly #some: Statement<[string], { id: number }>;
  readonly #retireAll: Statement<[string, string], unknown>;
  readonly #deletions: readonly Statement<[number], unknown>[];

  /** `isRead` returns whether the rows of a sandbox are still being read. */
  constructor(connection: Connection, isRead: (id: number) => boolean) {
    this.#isRead = isRead;
    this.#some = connection.prepare(`SELECT id FROM sandboxes WHERE name GLOB ? LIMIT ${LOOKED_AT}`);
    this.#retireAll = connection.prepare("UPDATE sandboxes SET name = ? || id WHERE name GLOB ?");
    this.#deletions = DELETIONS.map((deletion) => connection.prepare(`DELETE FROM ${deletion}`));
  }

  /** Retires what an ended process was preparing. */
  retirePrepared(): void {
    this.#retireAll.run(RETIRED, `${PREPARED}*`);
  }

  get hasSome(): boolean {
    return this.#next !== undefined;
  }

  /** The next sandbox to delete. */
  get #next(): number | undefined {
    return this.#some.all(`${RETIRED}*`).find(({ id }) => !this.#isRead(id))?.id;
  }

  /** Deletes some rows of a retired sandbox; returns whether there were any. Call it inside a transaction. */
  deleteSome(): boolean {
    const id = this.#next;
    if (id === undefined) return false;
    for (const deletion of this.#deletions) if (deletion.run(id).changes > 0) return true;
    return false;
  }
}
