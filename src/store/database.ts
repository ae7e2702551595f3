import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";

export type Connection = Database.Database;
export type Statement<Parameters extends unknown[], Row> = Database.Statement<Parameters, Row>;

/** A database that cannot be used; the message is one line that says what to do. */
export class StoreUnusable extends Error {}

/**
 * Opens the database: a file, or memory when `file` is undefined.
 *
 * WAL with `synchronous=NORMAL` survives a killed process without losing a commit (a power cut may lose the last
 * ones). The file is locked for this process alone, since caches and timers here assume that nobody else writes.
 */
export function openDatabase(file: string | undefined): Connection {
  let connection: Connection | undefined;
  try {
    connection = new Database(file ?? ":memory:", { timeout: 200 });
    connection.pragma("locking_mode = EXCLUSIVE");
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = NORMAL");
    connection.pragma("foreign_keys = ON");
    migrate(connection, file);
    return connection;
  } catch (error) {
    connection?.close();
    throw error instanceof StoreUnusable
      ? error
      : new StoreUnusable(reasonOf(error, file ?? "memory"), { cause: error });
  }
}

function migrate(connection: Connection, file: string | undefined): void {
  const version = Number(connection.pragma("user_version", { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new StoreUnusable(
      `${file ?? "The database"} was written by a newer fauxgen (schema ${version}, this one knows ${SCHEMA_VERSION}). Use that version, or another file.`,
    );
  }
  // Writing something, even on an up-to-date file, takes the exclusive lock now and not at the first request.
  connection.exec("BEGIN IMMEDIATE");
  try {
    if (version === 0) connection.exec(SCHEMA);
    connection.pragma(`user_version = ${SCHEMA_VERSION}`);
    connection.exec("COMMIT");
  } catch (error) {
    connection.exec("ROLLBACK");
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
