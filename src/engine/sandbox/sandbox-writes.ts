/** Runs the transactions of one sandbox. After an undone transaction, makes memory agree with the store again. */
import type { Store } from "../../store/store.ts";
import type { SandboxEvents } from "../base/events.ts";
import type { SchedulerTransactions } from "../base/scheduler.ts";

export interface SandboxWritesParts {
  readonly store: Store;
  readonly events: SandboxEvents;
  /** Returns a function that puts back the parts of memory that are not read from the store. */
  readonly remember: () => () => void;
  /** Reloads the parts of memory that an undone transaction may have changed. Does not throw. */
  readonly readAnew: () => void;
}

export class SandboxWrites {
  readonly #parts: SandboxWritesParts;

  constructor(parts: SandboxWritesParts) {
    this.#parts = parts;
  }

  /** The transactions in which the scheduler runs due work. */
  get ofDueWork(): SchedulerTransactions {
    const { store } = this.#parts;
    return {
      run: (work) => {
        const { result: isHeard, written } = this.writeWithOthers(work);
        if (!isHeard) return written;
        store.flushAwaited(written);
        return undefined;
      },
      isOpen: () => store.isInTransaction,
      whenEnded: (stored, undone) => {
        store.whenEnded(stored, undone);
      },
    };
  }

  /** Runs `work` as one transaction, stored when the call returns. */
  write<Result>(work: () => Result): Result {
    const undo = this.remember();
    try {
      return this.#parts.store.transaction(work);
    } catch (error) {
      undo();
      throw error;
    }
  }

  /** Returns a function that makes memory show what is stored, once a transaction that began now is undone. */
  remember(): () => void {
    const { remember, readAnew } = this.#parts;
    const putBack = remember();
    return () => {
      putBack();
      readAnew();
    };
  }

  /**
   * Runs `work` in a transaction that may be stored a little later, together with the writes of other requests.
   * `written` settles once it is stored, or rejects when all of it is undone: await it before acknowledging. It is
   * undefined when nothing needs to be awaited.
   */
  writeWithOthers<Result>(work: () => Result): { result: Result; written: Promise<unknown> | undefined } {
    const { store, events, readAnew } = this.#parts;
    // Followers see events at once, so the work must be stored at once.
    if (events.isFollowed) return { result: this.write(work), written: undefined };
    try {
      const { result, written } = store.transactionAwaitingOthers(work);
      written?.catch(readAnew);
      return { result, written };
    } catch (error) {
      readAnew();
      throw error;
    }
  }
}
