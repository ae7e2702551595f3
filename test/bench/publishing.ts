/** Decides which runs are written to docs/benchmarks.md: complete, long enough, and on a quiet machine. */

export const FEWEST_ROUNDS = 16;
export const SHORTEST_SLICE_MS = 2000;

export interface Run {
  readonly rounds: number;
  readonly sliceMs: number;
  /** The names of the omitted sections. */
  readonly omitted: readonly string[];
  readonly isBesideAnother: boolean;
  /** The reasons why the run is noisy, by reference. */
  readonly noise: readonly string[];
}

/** Returns all reasons not to publish a run; an empty list allows it. */
export function reasonsNotToPublish({ rounds, sliceMs, omitted, isBesideAnother, noise }: Run): string[] {
  return [
    ...(omitted.length > 0 ? [`it left out ${omitted.join(", ")}`] : []),
    ...(rounds >= FEWEST_ROUNDS ? [] : [`it had fewer than ${FEWEST_ROUNDS} rounds`]),
    ...(sliceMs >= SHORTEST_SLICE_MS ? [] : [`its slices were shorter than ${SHORTEST_SLICE_MS} ms`]),
    ...(isBesideAnother ? ["it measured another fauxgen too"] : []),
    ...noise.map((why) => `it was noisy: ${why}`),
  ];
}
