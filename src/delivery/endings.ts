/**
 * Tells many listeners of the end of a sandbox. A signal looks through all its listeners whenever one is added, which
 * takes long for the thousands of attempts that one instant may begin.
 */
export class Endings {
  readonly #listeners = new WeakMap<AbortSignal, Set<() => void>>();

  /** Calls back when the signal is aborted; call the result to stop. */
  listen(ending: AbortSignal, listener: () => void): () => void {
    const listeners = this.#of(ending);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  #of(ending: AbortSignal): Set<() => void> {
    const known = this.#listeners.get(ending);
    if (known !== undefined) return known;
    const listeners = new Set<() => void>();
    this.#listeners.set(ending, listeners);
    ending.addEventListener(
      "abort",
      () => {
        for (const listener of listeners) listener();
      },
      { once: true },
    );
    return listeners;
  }
}
