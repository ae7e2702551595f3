/** Which runs are written to docs/benchmarks.md: those that measured everything, for long enough, on a quiet machine. */

export const FEWEST_ROUNDS = 16;
export const SHORTEST_SLICE_MS = 2000;

export interface Run {
  readonly rounds: number;
  readonly sliceMs: number;
  /** Names of sections that were left out. */
  readonly omitted: readonly string[];
  readonly isBesideAnother: boolean;
  /** Why it is noisy, by reference. */
  readonly noise: readonly string[];
}

/** Every reason not to publish a run; it is published when there is none. */
export function reasonsNotToPublish({ rounds, sliceMs, omitted, isBesideAnother, noise }: Run): string[] {
  return [
    ...(omitted.length > 0 ? [`it left out ${omitted.join(", ")}`] : []),
    ...(rounds >= FEWEST_ROUNDS ? [] : [`it had fewer than ${FEWEST_ROUNDS} rounds`]),
    ...(sliceMs >= SHORTEST_SLICE_MS ? [] : [`its slices were shorter than ${SHORTEST_SLICE_MS} ms`]),
    ...(isBesideAnother ? ["it measured another fauxgen too"] : []),
    ...noise.map((why) => `it was noisy: ${why}`),
  ];
}
