/** Finds rows whose references lead nowhere or into another sandbox, which no reader of one row could see. */
import type { Connection, Statement } from "./connection.ts";

export interface Misfit {
  readonly table: string;
  readonly row: string;
  readonly reason: string;
}

/** Small tables whose rows name both their sandbox and an account, which must be of that sandbox. */
const SMALL: readonly string[] = [
  ...["upload_slots", "uploads"].map((table) => ({
    table,
    row: "CAST(t.id AS TEXT)",
    key: "id",
    column: "account_id",
  })),
  { table: "keys", row: "t.hint", key: "name", column: "account_name" },
].map(
  ({ table, row, key, column }) => `SELECT '${table}' AS "table", ${row} AS row,
    'its account ' || t.${column} || ' is not one of this sandbox' AS reason
    FROM ${table} t LEFT JOIN accounts a ON a.${key} = t.${column} AND a.sandbox_id = t.sandbox_id
    WHERE t.sandbox_id = ? AND a.id IS NULL LIMIT 1`,
);

interface Output {
  readonly vendor: string;
  readonly row: string;
  readonly generation: number;
  readonly isMisfit: 0 | 1;
}

const OUTPUTS = `SELECT t.vendor, t.public_id AS row, t.generation_row AS generation, g.id IS NULL OR NOT EXISTS (
    SELECT 1 FROM json_each(g.document, '$.outputs') o WHERE o.value ->> '$.id' = t.public_id) AS isMisfit
  FROM outputs t LEFT JOIN generations g ON g.id = t.generation_row AND g.sandbox_id = t.sandbox_id AND g.vendor = t.vendor
  WHERE t.sandbox_id = ? AND (t.vendor, t.public_id) > (?, ?) ORDER BY t.vendor, t.public_id LIMIT ?`;

/** So many outputs are looked at together. */
const PAGE = 64;

export class ConsistencyRepository {
  readonly #small: readonly Statement<[number], Misfit>[];
  readonly #outputs: Statement<[number, string, string, number], Output>;

  constructor(connection: Connection) {
    this.#small = SMALL.map((query) => connection.prepare(query));
    this.#outputs = connection.prepare(OUTPUTS);
  }

  /**
   * Finds the first misfit, with pauses. Call it after each row was decoded, since it reads the documents of
   * generations.
   */
  *firstMisfit(sandboxId: number): Generator<undefined, Misfit | undefined> {
    for (const query of this.#small) {
      const misfit = query.get(sandboxId);
      if (misfit !== undefined) return misfit;
      yield;
    }
    let last = { vendor: "", row: "" };
    for (;;) {
      const page = this.#outputs.all(sandboxId, last.vendor, last.row, PAGE);
      const misfit = page.find(({ isMisfit }) => isMisfit === 1);
      if (misfit !== undefined) {
        const { row, generation } = misfit;
        return {
          table: "outputs",
          row,
          reason: `its generation ${generation} is not one of this sandbox that has this output`,
        };
      }
      if (page.length < PAGE) return undefined;
      last = page.at(-1) ?? last;
      yield;
    }
  }
}
