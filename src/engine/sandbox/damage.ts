/** Remembers the first stored row of a sandbox that could not be read. */
import { UnreadableRow } from "../../store/unreadable-row.ts";

export class Damage {
  #found: UnreadableRow | undefined;

  get found(): UnreadableRow | undefined {
    return this.#found;
  }

  /** Records the error if a row could not be read. */
  note(error: unknown): void {
    if (error instanceof UnreadableRow) this.#found ??= error;
  }

  /** Returns what `read` returns, or the fallback if a row could not be read. */
  readOr<Value>(fallback: Value, read: () => Value): Value {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UnreadableRow)) throw error;
      this.note(error);
      return fallback;
    }
  }

  /** Forgets the row, which a reset has deleted. */
  forget(): void {
    this.#found = undefined;
  }
}
