/** Tracks creates whose answers are not sent yet, so that webhooks and events of a generation can wait. */
export class CreateAnswers {
  readonly #pending = new Map<number, CreateAnswer>();

  /** Marks these generations, by row, as being answered; call `end` when the answer is sent or its client is gone. */
  pend(rowIds: readonly number[]): CreateAnswer {
    const answer = new CreateAnswer(() => {
      for (const rowId of rowIds) if (this.#pending.get(rowId) === answer) this.#pending.delete(rowId);
    });
    for (const rowId of rowIds) this.#pending.set(rowId, answer);
    return answer;
  }

  /** Returns a promise for the end of the generation's create answer; undefined when none is pending. */
  of(rowId: number): Promise<unknown> | undefined {
    return this.#pending.get(rowId)?.ended;
  }
}

/** A pending create answer. Few have a waiter, so the promise is made on demand. */
class CreateAnswer {
  readonly #forget: () => void;
  #waited: PromiseWithResolvers<undefined> | undefined;

  constructor(forget: () => void) {
    this.#forget = forget;
  }

  get ended(): Promise<unknown> {
    return (this.#waited ??= Promise.withResolvers<undefined>()).promise;
  }

  /** Marks the answer as sent; later calls do nothing. */
  readonly end = (): void => {
    this.#forget();
    this.#waited?.resolve(undefined);
  };
}
