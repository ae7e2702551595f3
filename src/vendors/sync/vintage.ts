/**
 * Defines the differences between the two documented versions of sync's API. `2026-06` is the seed's; `2026-11` is the
 * newest reference [doc].
 */
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

export const vintages = ["2026-06", "2026-11"] as const;

export type Vintage = (typeof vintages)[number];

/** Returns the vintage of a sandbox; an unknown vintage counts as the default. */
export function vintageOf(sandbox: Sandbox): Vintage {
  const chosen = sandbox.settings.vintage("sync", vintages[0]);
  return vintages.find((vintage) => vintage === chosen) ?? vintages[0];
}

export interface WaitBounds {
  readonly defaultSeconds: number;
  readonly maxSeconds: number;
  /** Whether a value outside the bounds is refused; otherwise a longer wait is cut to the maximum. */
  readonly isStrict: boolean;
  /** The minimum, where bounds are strict. */
  readonly minSeconds: number;
  /** Whether responses to wait=true have headers about the wait and the next request. */
  readonly hasHeaders: boolean;
}

/** The bounds of `wait=true`, by vintage. */
export const waitBounds: Readonly<Record<Vintage, WaitBounds>> = {
  // [seed] names default and maximum; that longer values are held for 55 s is our reading of "max" [inferred].
  "2026-06": { defaultSeconds: 30, maxSeconds: 55, isStrict: false, minSeconds: 0, hasHeaders: false },
  // [doc] Anything outside 1..10 is a 400.
  "2026-11": { defaultSeconds: 5, maxSeconds: 10, isStrict: true, minSeconds: 1, hasHeaders: true },
};
