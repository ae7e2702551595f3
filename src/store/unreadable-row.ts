/** Reports stored rows that cannot be decoded, so that one damaged row never costs more than its sandbox. */

/** Thrown when a stored row cannot be decoded; only damage from outside can cause that. */
export class UnreadableRow extends Error {
  readonly table: string;
  /** The row's public id, or its number. */
  readonly row: string;

  constructor(table: string, row: string | number, cause: unknown) {
    super(`Row ${row} of ${table} cannot be read: ${reasonOf(cause)}`, { cause });
    this.table = table;
    this.row = String(row);
  }
}

/** Runs the decoder of a row. Throws {@link UnreadableRow} when the decoder throws. */
export function readRow<Decoded>(table: string, row: string | number, decode: () => Decoded): Decoded {
  try {
    return decode();
  } catch (error) {
    throw error instanceof UnreadableRow ? error : new UnreadableRow(table, row, error);
  }
}

/** Returns the first line of an error, because zod and JSON errors have several. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.replaceAll(/\s+/g, " ").slice(0, 200);
}
