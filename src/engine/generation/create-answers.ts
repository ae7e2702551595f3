/** Create answers that are not on the wire yet. What tells of a generation in another way waits for its answer. */
export class CreateAnswers {
  readonly #pending = new Map<number, CreateAnswer>();

  /** Says that these generations, by row, are being answered; call `end` when that is done, or nobody is there for it. */
  pend(rowIds: readonly number[]): CreateAnswer {
    const answer = new CreateAnswer(() => {
      for (const rowId of rowIds) if (this.#pending.get(rowId) === answer) this.#pending.delete(rowId);
    });
    for (const rowId of rowIds) this.#pending.set(rowId, answer);
    return answer;
  }

  /** Settles when the generation's create answer is out; undefined when it is, or when there was none to wait for. */
  of(rowId: number): Promise<unknown> | undefined {
    return this.#pending.get(rowId)?.ended;
  }
}

/** One answer. Few are waited for, so that the promise is made for those who do. */
class CreateAnswer {
  readonly #forget: () => void;
  #waited: PromiseWithResolvers<undefined> | undefined;

  constructor(forget: () => void) {
    this.#forget = forget;
  }

  get ended(): Promise<unknown> {
    return (this.#waited ??= Promise.withResolvers<undefined>()).promise;
  }

  /** Says that it is out; later calls do nothing. */
  readonly end = (): void => {
    this.#forget();
    this.#waited?.resolve(undefined);
  };
}
