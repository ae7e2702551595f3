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

/** What the live heap may grow by from the second sample to the last. */
const LIVE_MIB = 4;
/** What resident memory may grow by, from its most in the first half to its most in the second: it goes up and down. */
const RESIDENT_MIB = 32;
const RESIDENT_FACTOR = 1.25;

/** What is wrong with a series of three samples or more. The first is the warming up: what is remembered once. */
export function judgeMemory(samples: readonly MemorySample[]): string[] {
  const [, first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined || first === last) return [];
  const wrong: string[] = [];
  const live = last.liveMiB - first.liveMiB;
  const each = Math.round((live * 1024 ** 2) / (last.requests - first.requests));
  if (live > LIVE_MIB) wrong.push(`the live heap grew by ${live.toFixed(1)} MiB, ${each} bytes a request`);
  const half = Math.ceil(samples.length / 2);
  for (const [what, of] of [
    ["resident memory", ({ residentMiB }: MemorySample) => residentMiB],
    ["resident memory under load", ({ peakMiB }: MemorySample) => peakMiB],
  ] as const) {
    const before = Math.max(...samples.slice(0, half).map(of));
    const after = Math.max(...samples.slice(half).map(of));
    if (after > before * RESIDENT_FACTOR + RESIDENT_MIB)
      wrong.push(`${what} grew from ${Math.round(before)} to ${Math.round(after)} MiB`);
  }
  return wrong;
}
