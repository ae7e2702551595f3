/** Saves and restores a sandbox through the engine, without a server. */
import type { Steps } from "../../src/engine/base/turns.ts";
import type { BundleHead } from "../../src/engine/sandbox/bundle.ts";
import type { Sandbox } from "../../src/engine/sandbox/sandbox.ts";
import type { EngineWorld } from "./engine.ts";

export type Tables = Readonly<Record<string, { readonly columns: readonly string[]; readonly rows: unknown[][] }>>;

/** Returns all rows of a sandbox. */
export function tablesOf({ sandboxes }: Pick<EngineWorld, "sandboxes">, sandbox: Sandbox): Tables {
  const snapshot = sandboxes.save(sandbox);
  const tables: Tables = Object.fromEntries(
    snapshot.tables.map(({ table, columns }) => [table, { columns, rows: [] }]),
  );
  for (const { table, rows } of snapshot.read()) tables[table]?.rows.push(...rows.map((row) => [...row]));
  snapshot.end();
  return tables;
}

/** A pause comes after so many rows. */
const ROWS_AT_ONCE = 32;

/** Restores a sandbox with a pause after some rows, and after each slice of the rest. */
export function* restoring(
  { sandboxes }: Pick<EngineWorld, "sandboxes">,
  sandbox: Sandbox,
  { tables, ...head }: BundleHead & { readonly tables: Tables },
): Steps<void> {
  const restoration = sandboxes.restore(sandbox);
  try {
    for (const [name, { columns, rows }] of Object.entries(tables)) {
      restoration.begin(name, columns);
      for (const [index, row] of rows.entries()) {
        restoration.add(row.map((value) => (Buffer.isBuffer(value) ? { base64: value.toString("base64") } : value)));
        if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) yield;
      }
    }
    yield* restoration.complete(head);
  } finally {
    restoration.abandon();
  }
}
