/** Tests that media are rendered in short slices, so that one large file does not stall other requests. */
import { describe, expect, it } from "vitest";
import { renderMedia, renderMediaInTurns, renderSlices } from "../../../src/media/encode/render.ts";
import { mediaSpec } from "../media-specs.ts";

const formats = ["png", "jpg", "webp", "mp4", "wav", "mp3"] as const;
const words = "A lighthouse on a cliff at dusk, waves crashing below, cinematic light, 35mm film grain";

/** Processor time of this thread, which other processes do not lengthen; Node.js 22 has only that of the process. */
const { threadCpuUsage: processorTime = process.cpuUsage }: Partial<NodeJS.Process> = process;

/** Returns the longest slice in milliseconds of processor time. */
function longestSlice(spec: Parameters<typeof mediaSpec>[0]): number {
  const work = renderSlices(mediaSpec(spec));
  let longest = 0;
  for (let isDone: boolean | undefined = false; isDone !== true;) {
    const before = processorTime();
    isDone = work.next().done;
    const { user, system } = processorTime(before);
    longest = Math.max(longest, (user + system) / 1000);
  }
  return longest;
}

describe("for slices of rendering,", () => {
  it.each(formats)(
    "no slice of the largest %s takes more than 10 ms of the processor",
    (format) => {
      const spec = { format, width: 4096, height: 4096, durationSeconds: 3600, words, sound: "speech" } as const;
      // The least of four runs, because the first ones also compile the code.
      expect(Math.min(...Array.from({ length: 4 }, () => longestSlice(spec)))).toBeLessThan(10);
    },
    30_000,
  );

  it("other work runs between the slices of a file", async () => {
    let turns = 0;
    const count = (): void => {
      turns++;
      if (turns < 1000) setImmediate(count);
    };
    setImmediate(count);
    await renderMediaInTurns(mediaSpec({ format: "jpg", width: 1024, height: 1024, words }));
    expect(turns).toBeGreaterThan(100);
    turns = 1000;
  });

  it("rendering in turns gives the same bytes as rendering at once", async () => {
    for (const format of formats) {
      const spec = mediaSpec({ format, words });
      expect(Buffer.compare(await renderMediaInTurns(spec), renderMedia(spec))).toBe(0);
    }
  });
});
