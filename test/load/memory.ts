/**
 * Judges the memory that a server keeps when it has no data: its live heap after a collection and its resident memory.
 * They are measured after every sandbox was reset, so a leak shows, however many generations were made.
 */

export interface MemorySample {
  /** Memory that is live after a full collection: the heap and buffers outside it. */
  readonly liveMiB: number;
  /** Resident memory, which includes that of SQLite and the allocator. */
  readonly residentMiB: number;
  /** The highest resident memory under load before this sample. */
  readonly peakMiB: number;
  readonly requests: number;
}

/** The allowed growth of the live heap from the second sample to the last. */
const LIVE_MIB = 4;
/** The allowed growth of resident memory between the maxima of both halves, because it fluctuates. */
const RESIDENT_MIB = 32;
const RESIDENT_FACTOR = 1.25;

/** Returns what is wrong with three samples or more. The first sample is the warm-up, in which caches fill once. */
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
