/**
 * Lists the steps that migrate an empty file to the current schema. Step n migrates a file from version n to version n
 * + 1; a file's version, its `user_version`, is the number of steps that ran on it. Do not change a released step,
 * because users' files have already run it; add another. docs/contributing.md has the recipe.
 */
import type Database from "better-sqlite3";
import { FIRST_SCHEMA } from "./first-schema.ts";
import { renameKey } from "./rename-key.ts";

/** Runs in a transaction without foreign keys, so a table can be replaced without losing the rows that refer to it. */
export type Migration = (database: Database.Database) => void;

export const migrations: readonly Migration[] = [
  (database) => {
    database.exec(FIRST_SCHEMA);
  },
  // Version 1 reused the ids of deleted rules, and did not store the latest instant that a sandbox had shown. Its
  // documents said `twist` and `born`, and `outcome` for an output's result and an attempt's ending. A document that is
  // not JSON stays unchanged, and its reader refuses it.
  (database) => {
    database.exec(`
      UPDATE deliveries
        SET document = json_set(json_remove(document, '$.twist'), '$.webhookFaults', json(document -> '$.twist'))
        WHERE json_valid(document) AND json_type(document, '$.twist') IS NOT NULL;
      UPDATE sandboxes SET document = json_set(document, '$.limits', 'default')
        WHERE json_valid(document) AND document ->> '$.limits' = 'born';
      ALTER TABLE sandboxes ADD COLUMN last_rule INTEGER NOT NULL DEFAULT 0;
      UPDATE sandboxes SET last_rule = coalesce(
        (SELECT max(CAST(substr(public_id, 6) AS INTEGER)) FROM rules WHERE sandbox_id = sandboxes.id), 0);
      ALTER TABLE sandboxes ADD COLUMN latest INTEGER NOT NULL DEFAULT 0;
      UPDATE sandboxes SET latest = coalesce(
        (SELECT max(created_at) FROM generations WHERE sandbox_id = sandboxes.id), 0)`);
    renameIn(database, "generations", ["outputs", "*"], "result");
    renameIn(database, "scenarios", ["outputs", "*"], "result");
    renameIn(database, "sandboxes", ["scenarios", "*", "outputs", "*"], "result");
    renameIn(database, "delivery_attempts", [], "ending");
  },
  // Version 2 had no template of all sandboxes, and stored each rule of a document as a row.
  (database) => {
    database.exec(`
      CREATE TABLE template (id INTEGER PRIMARY KEY CHECK (id = 1), document TEXT NOT NULL) STRICT;
      CREATE TABLE template_chunks (
        sha256 TEXT NOT NULL,
        position INTEGER NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (sha256, position)
      ) STRICT;
      CREATE TABLE rule_lists (
        sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
        origin TEXT NOT NULL CHECK (origin IN ('document', 'fixtures')),
        first INTEGER NOT NULL,
        size INTEGER NOT NULL,
        length INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (sandbox_id, origin)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE rule_uses (
        sandbox_id INTEGER NOT NULL REFERENCES sandboxes ON DELETE CASCADE,
        number INTEGER NOT NULL,
        hits INTEGER NOT NULL,
        matches INTEGER NOT NULL,
        is_deleted INTEGER NOT NULL,
        PRIMARY KEY (sandbox_id, number)
      ) STRICT, WITHOUT ROWID`);
  },
];

/** Renames `outcome` in the objects at a path of a table's documents. */
function renameIn(database: Database.Database, table: string, path: readonly string[], to: string): void {
  const name = `renamed_in_${table}`;
  database.function(name, { deterministic: true }, (document: string) => renameKey(document, path, "outcome", to));
  // The condition leaves documents that cannot have the key as they are, to the byte.
  database.exec(`UPDATE ${table} SET document = ${name}(document) WHERE instr(document, '"outcome"') > 0`);
}

/** The version that this code writes. */
export const SCHEMA_VERSION = migrations.length;
