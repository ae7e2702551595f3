/**
 * What a server keeps when nothing is left to keep: its live heap after a collection and its resident memory, measured
 * whenever every sandbox has been reset, so that a leak shows however many generations there were in between.
 */

export interface MemorySample {
  /** Live after a full collection: heap and buffers outside it. */
  readonly liveMiB: number;
  /** Resident, which is also what SQLite and the allocator hold. */
  readonly residentMiB: number;
  /** The most that was resident while the server was loaded before this sample. */
  readonly peakMiB: number;
  readonly requests: number;
}

/** What may be added from the second sample to the last, besides what is in proportion. */
const LIVE_MIB = 4;
const RESIDENT_MIB = 32;
const RESIDENT_FACTOR = 1.25;

/** What is wrong with a series of samples. The first is the warming up: what is compiled and remembered once. */
export function judgeMemory(samples: readonly MemorySample[]): string[] {
  const [, first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || first === last) return [];
  const requests = last.requests - first.requests;
  const wrong: string[] = [];
  const live = last.liveMiB - first.liveMiB;
  if (live > LIVE_MIB)
    wrong.push(
      `the live heap grew by ${live.toFixed(1)} MiB, ${Math.round((live * 1024 ** 2) / requests)} bytes a request`,
    );
  for (const [what, before, after] of [
    ["resident memory", first.residentMiB, last.residentMiB],
    ["the peak of resident memory", first.peakMiB, last.peakMiB],
  ] as const)
    if (after > before * RESIDENT_FACTOR + RESIDENT_MIB)
      wrong.push(`${what} grew from ${Math.round(before)} to ${Math.round(after)} MiB`);
  return wrong;
}
