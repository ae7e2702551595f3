/** Recognises fauxgen's database files, and detects when the open one is removed or replaced. */
import { closeSync, openSync, readSync, statSync, type BigIntStats } from "node:fs";
import Database from "better-sqlite3";

/** The `application_id` of fauxgen's files: `faux` in ASCII. */
export const APPLICATION_ID = 0x66_61_75_78;

/** Tables that every file of fauxgen has had since the first version, which had no `application_id` yet. */
const FIRST_TABLES = ["store_facts", "sandboxes", "accounts", "generations", "outputs", "deliveries"] as const;

/** The facts in the first bytes of a file; all 0 when the file holds no database yet. */
export interface FileHeader {
  readonly applicationId: number;
  readonly version: number;
}

/**
 * Reads a file's header without SQLite. SQLite would change a file that must be refused: it sets the journal mode and
 * empties the log that a killed process left.
 */
export function readHeader(file: string): FileHeader {
  // https://www.sqlite.org/fileformat2.html#the_database_header
  const header = Buffer.alloc(100);
  try {
    const descriptor = openSync(file, "r");
    try {
      readSync(descriptor, header);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return { applicationId: 0, version: 0 };
  }
  if (header.toString("latin1", 0, 16) !== "SQLite format 3\0") return { applicationId: 0, version: 0 };
  return { applicationId: header.readInt32BE(68), version: header.readInt32BE(60) };
}

/**
 * Whether a file holds another program's data: it has that program's `application_id`, or it has none and its tables
 * are not those of fauxgen. A file that is missing, empty or holds no database is not foreign. Opens the file for
 * reading only.
 */
export function isForeign(file: string): boolean {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const { applicationId } = readHeader(file);
  if (size === 0 || applicationId === APPLICATION_ID) return false;
  if (applicationId !== 0) return true;
  const database = new Database(file, { readonly: true, timeout: 200 });
  try {
    const tables = database
      .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")
      .all()
      .map(({ name }) => name);
    return tables.length > 0 && FIRST_TABLES.some((table) => !tables.includes(table));
  } finally {
    database.close();
  }
}

/** Thrown instead of a commit to a file that was removed, replaced or cut, because the write would be lost. */
export class FileGone extends Error {
  readonly code = "DATA_FILE_GONE";
}

/** Remembers which file a path led to, to detect its removal or replacement, and that a part of it was cut off. */
export class FileIdentity {
  readonly #path: string;
  readonly #opened: BigIntStats | undefined;
  /** The size at the latest look; the file never shrinks by itself. */
  #size: bigint;

  constructor(path: string) {
    this.#path = path;
    this.#opened = this.#look();
    this.#size = this.#opened?.size ?? 0n;
  }

  /** Throws {@link FileGone} when the path leads to another file than at first, to none, or to less of it. */
  check(): void {
    const present = this.#look();
    if (present?.ino === this.#opened?.ino && present?.dev === this.#opened?.dev) {
      if (present === undefined || present.size >= this.#size) {
        this.#size = present?.size ?? 0n;
        return;
      }
      throw new FileGone(
        `${this.#path} was cut while it was in use. Stop the server, put the whole file back, and start again.`,
      );
    }
    throw new FileGone(
      present === undefined
        ? `${this.#path} was removed while it was in use. Put it back, or start again.`
        : `${this.#path} was replaced by another file while it was in use. Put the first one back, or start again.`,
    );
  }

  #look(): BigIntStats | undefined {
    return statSync(this.#path, { bigint: true, throwIfNoEntry: false });
  }
}
