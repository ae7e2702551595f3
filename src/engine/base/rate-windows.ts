/** Counts requests in windows of the sandbox's clock, for rate limits. */
import type { Instant } from "./clock.ts";

export interface RateUse {
  /** Uses in the current window, this one included. */
  readonly used: number;
  /** Milliseconds of the sandbox's clock until the window ends. */
  readonly remainingMs: number;
}

export type RateWindowsState = Readonly<Record<string, { readonly index: number; readonly used: number }>>;

/**
 * Counts uses in calendar windows (minutes, hours) of the sandbox's clock. It keeps them in memory and needs no timer.
 */
export class RateWindows {
  readonly #windows = new Map<string, { index: number; used: number }>();

  /** Counts one use of `bucket` in the window of `windowMs` that `now` falls in. */
  count(bucket: string, now: Instant, windowMs: number): RateUse {
    const index = Math.floor(now / windowMs);
    let window = this.#windows.get(bucket);
    if (window === undefined || window.index !== index) this.#windows.set(bucket, (window = { index, used: 0 }));
    window.used += 1;
    return { used: window.used, remainingMs: (index + 1) * windowMs - now };
  }

  clear(): void {
    this.#windows.clear();
  }

  /** Returns a copy of every window, for {@link restore}. */
  save(): RateWindowsState {
    return Object.fromEntries([...this.#windows].map(([bucket, window]) => [bucket, { ...window }]));
  }

  restore(state: RateWindowsState): void {
    this.#windows.clear();
    for (const [bucket, window] of Object.entries(state)) this.#windows.set(bucket, { ...window });
  }
}
