/**
 * Keeps some room on the disk in a file beside the data file. When the disk is full, a deletion uses this room: SQLite
 * needs space to write down what it deletes, so a full disk would otherwise leave no way out.
 */
import { rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Room for the journal of a deletion; a sandbox with more data may need another try. */
const RESERVE_BYTES = 4 * 1024 * 1024;

/** The reserve is not taken where it would be a large part of the free space. */
const LEAST_FREE_BYTES = 4 * RESERVE_BYTES;

export class Reserve {
  readonly #path: string;

  constructor(dataFile: string) {
    this.#path = `${dataFile}-reserve`;
  }

  /** Gives the room back to the disk. Returns whether there was any. */
  release(): boolean {
    const bytes = this.#bytes();
    rmSync(this.#path, { force: true });
    return bytes > 0;
  }

  /** Takes the room, unless it is taken or the disk has too little. */
  fill(): void {
    if (this.#bytes() > 0) return;
    try {
      const { bavail, bsize } = statfsSync(dirname(this.#path));
      if (bavail * bsize >= LEAST_FREE_BYTES) writeFileSync(this.#path, Buffer.alloc(RESERVE_BYTES));
    } catch {
      // The next check tries again; a part of the reserve is worth nothing.
      rmSync(this.#path, { force: true });
    }
  }

  #bytes(): number {
    return statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
  }
}
