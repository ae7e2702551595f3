/** Create answers that are not on the wire yet. What tells of a generation in another way waits for its answer. */
export class CreateAnswers {
  readonly #pending = new Map<number, Promise<unknown>>();

  /** Says that these generations, by row, are being answered; `flushed` settles when that is done or its socket closed. */
  pend(rowIds: readonly number[], flushed: Promise<unknown>): void {
    for (const rowId of rowIds) this.#pending.set(rowId, flushed);
    const done = (): void => {
      for (const rowId of rowIds) if (this.#pending.get(rowId) === flushed) this.#pending.delete(rowId);
    };
    flushed.then(done, done);
  }

  /** Settles when the generation's create answer is out; undefined when it is, or when there was none to wait for. */
  of(rowId: number): Promise<unknown> | undefined {
    return this.#pending.get(rowId);
  }
}
