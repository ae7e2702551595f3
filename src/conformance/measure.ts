/** Measures what a client does when all goes well, from its runs through the calibrating cases. */
import { unmeasured, type Base } from "./base.ts";
import type { Observation } from "./observation.ts";

/** Returns the measured base; `pace` and `hook` are of runs over a longer job and with webhooks, if they were made. */
export function baseOf(
  base: Observation | undefined,
  pace: Observation | undefined,
  hook: Observation | undefined,
): Base {
  if (base === undefined) return unmeasured;
  const polls = pace?.of("poll") ?? [];
  const [first, last] = [polls[0]?.at ?? 0, polls.at(-1)?.at ?? 0];
  return {
    creates: base.of("create").length,
    made: base.made.length,
    downloads: base.wholeDownloads().size,
    hookDownloads: (hook ?? base).of("download").length,
    pollsAfterEnd: base.pollsAfterEnd().length,
    pollsPerSecond: last > first ? ((polls.length - 1) * 1000) / (last - first) : polls.length,
  };
}
