/** Opens the database, migrates it to the current schema, and explains why it cannot be opened. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import type { MemoryBudget } from "../platform/memory-budget.ts";
import { Connection } from "./connection.ts";
import { APPLICATION_ID, FileGone, FileIdentity, isForeign, readHeader } from "./file-identity.ts";
import { migrations, type Migration } from "./migrations.ts";

/** Thrown for an unusable database, with a one-line message that tells what to do. */
export class StoreUnusable extends Error {}

/**
 * Opens the database: a file, or memory when `file` is undefined. Runs those of `steps` that the file lacks. Throws
 * {@link StoreUnusable}.
 *
 * WAL with `synchronous=NORMAL` survives a killed process without losing a commit (a power cut may lose the last ones).
 * The file is locked for this process alone, since caches and timers here assume that no other process writes.
 */
export function openDatabase(
  file: string | undefined,
  steps: readonly Migration[] = migrations,
  budget?: MemoryBudget,
): Connection {
  const name = file ?? "memory";
  let database: Database.Database | undefined;
  try {
    if (file !== undefined) refuseUnfit(file, steps.length);
    database = new Database(file ?? ":memory:", { timeout: 200 });
    // Otherwise the pages of deleted rows stay with the database, and the memory with them.
    if (file === undefined) database.pragma("auto_vacuum = INCREMENTAL");
    database.pragma("locking_mode = EXCLUSIVE");
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    migrate(database, name, steps);
    database.pragma("foreign_keys = ON");
    return new Connection(database, file === undefined ? undefined : new FileIdentity(file), budget);
  } catch (error) {
    database?.close();
    throw error instanceof StoreUnusable ? error : new StoreUnusable(reasonOf(error, name), { cause: error });
  }
}

/** Runs the missing steps, all or none: after a failure, the fauxgen version that wrote the file can still open it. */
function migrate(database: Database.Database, name: string, steps: readonly Migration[]): void {
  // Otherwise a step that replaces a table deletes the rows that refer to it. In a transaction the pragma does nothing.
  database.pragma("foreign_keys = OFF");
  const run = database.transaction(() => {
    const version = Number(database.pragma("user_version", { simple: true }));
    refuseNewer(name, version, steps.length);
    const lacking = steps.slice(version);
    for (const step of lacking) step(database);
    if (lacking.length > 0) checkReferences(database, name);
    // Also written to an up-to-date file, so that the exclusive lock is taken now and not at the first request.
    database.pragma(`user_version = ${steps.length}`);
    database.pragma(`application_id = ${APPLICATION_ID}`);
  });
  run.immediate();
}

/** Throws for a file of another program or of a newer fauxgen, before it is changed. */
function refuseUnfit(file: string, known: number): void {
  refuseEmptied(file);
  if (isForeign(file))
    throw new StoreUnusable(`${file} is another program's database. It was not touched; use another file.`);
  refuseNewer(file, readHeader(file).version, known);
}

/** Throws for a file that was emptied beside its log: SQLite would take it for a new one and delete the log. */
function refuseEmptied(file: string): void {
  const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;
  if (sizeOf(file) !== 0 || (sizeOf(`${file}-wal`) ?? 0) === 0) return;
  throw new StoreUnusable(
    `${file} was emptied, but ${file}-wal still has data. Put the file back, or move both away to begin anew.`,
  );
}

/** Throws when a version is higher than `known`. */
function refuseNewer(name: string, version: number, known: number): void {
  if (version <= known) return;
  throw new StoreUnusable(
    `${name} was written by a newer fauxgen (schema ${version}, this one knows ${known}). Use that version, or another file.`,
  );
}

/** Throws when rows refer to rows that the steps removed. */
function checkReferences(database: Database.Database, name: string): void {
  const [row] = database.prepare<[], { table: string; parent: string }>("PRAGMA foreign_key_check").all();
  if (row === undefined) return;
  throw new StoreUnusable(
    `${name} cannot be migrated to this version's schema: rows of ${row.table} would refer to missing rows of ${row.parent}. The file was not changed.`,
  );
}

/** Whether an error means that the store cannot take a write; nothing of the write is stored then. */
export function isUnwritable(error: unknown): boolean {
  if (error instanceof FileGone) return true;
  return error instanceof Database.SqliteError && /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN)/.test(error.code);
}

/** Whether the database refused values: they break a constraint, are of another type, or SQLite has none like them. */
export function isMisfit(error: Error): boolean {
  if (error instanceof Database.SqliteError) return /^SQLITE_(?:CONSTRAINT|MISMATCH|TOOBIG|RANGE)/.test(error.code);
  return error instanceof RangeError || error instanceof TypeError;
}

/** Returns what to say of an error that makes the whole file unusable; undefined for any other error. */
export function explainDamage(error: unknown, file: string): StoreUnusable | undefined {
  const isDamaged = error instanceof Database.SqliteError && /^SQLITE_(?:NOTADB|CORRUPT)/.test(error.code);
  return isDamaged ? new StoreUnusable(reasonOf(error, file), { cause: error }) : undefined;
}

function reasonOf(error: unknown, file: string): string {
  if (!existsSync(dirname(file))) return `${file} cannot be opened: its folder does not exist.`;
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    return `${file} is a folder; name a file in it, such as ${join(file, "fauxgen.db")}.`;
  if (!(error instanceof Database.SqliteError)) return `${file} cannot be opened: ${String(error)}`;
  if (error.code.startsWith("SQLITE_BUSY"))
    return `${file} is in use by another fauxgen. Stop that one, or use another file.`;
  if (error.code.startsWith("SQLITE_NOTADB") || error.code.startsWith("SQLITE_CORRUPT")) {
    return `${file} is not a usable SQLite database (${error.message}). Move it away, or use another file.`;
  }
  if (error.code.startsWith("SQLITE_READONLY")) return `${file} cannot be written: its file or folder is read-only.`;
  if (error.code.startsWith("SQLITE_FULL")) return `${file} cannot grow: the disk is full.`;
  if (!isWritable(dirname(file)) || (existsSync(file) && !isWritable(file)))
    return `${file} cannot be written: its file or folder is read-only.`;
  return `${file} cannot be opened: ${error.message} (${error.code}).`;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
