import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { Connection } from "./connection.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";

/** A database that cannot be used; the message is one line that says what to do. */
export class StoreUnusable extends Error {}

/**
 * Opens the database: a file, or memory when `file` is undefined.
 *
 * WAL with `synchronous=NORMAL` survives a killed process without losing a commit (a power cut may lose the last
 * ones). The file is locked for this process alone, since caches and timers here assume that nobody else writes.
 */
export function openDatabase(file: string | undefined): Connection {
  let database: Database.Database | undefined;
  try {
    database = new Database(file ?? ":memory:", { timeout: 200 });
    database.pragma("locking_mode = EXCLUSIVE");
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    database.pragma("foreign_keys = ON");
    migrate(database, file);
    return new Connection(database, file !== undefined);
  } catch (error) {
    database?.close();
    throw error instanceof StoreUnusable
      ? error
      : new StoreUnusable(reasonOf(error, file ?? "memory"), { cause: error });
  }
}

function migrate(database: Database.Database, file: string | undefined): void {
  const version = Number(database.pragma("user_version", { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new StoreUnusable(
      `${file ?? "The database"} was written by a newer fauxgen (schema ${version}, this one knows ${SCHEMA_VERSION}). Use that version, or another file.`,
    );
  }
  // Writing something, even on an up-to-date file, takes the exclusive lock now and not at the first request.
  database.exec("BEGIN IMMEDIATE");
  try {
    if (version === 0) database.exec(SCHEMA);
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** Whether an error says that the store cannot take what was to be written: nothing of it is stored then. */
export function isUnwritable(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN)/.test(error.code);
}

function reasonOf(error: unknown, file: string): string {
  if (!existsSync(dirname(file))) return `${file} cannot be opened: its folder does not exist.`;
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
