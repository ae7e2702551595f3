/** Tests that media are rendered in short steps, so that one large file does not stall other requests. */
import { describe, expect, it } from "vitest";
import { createWallClock } from "../../../src/engine/base/clock.ts";
import { Turns } from "../../../src/engine/base/turns.ts";
import { renderInSteps, renderMedia } from "../../../src/media/encode/render.ts";
import { mediaSpec } from "../media-specs.ts";

const formats = ["png", "jpg", "webp", "mp4", "wav", "mp3"] as const;
const words = "A lighthouse on a cliff at dusk, waves crashing below, cinematic light, 35mm film grain";

/** Processor time of this thread, which other processes do not lengthen; Node.js 22 has only that of the process. */
const { threadCpuUsage: processorTime = process.cpuUsage }: Partial<NodeJS.Process> = process;

/** Returns the longest step in milliseconds of processor time. */
function longestStep(spec: Parameters<typeof mediaSpec>[0]): number {
  const work = renderInSteps(mediaSpec(spec));
  let longest = 0;
  for (let isDone: boolean | undefined = false; isDone !== true;) {
    const before = processorTime();
    isDone = work.next().done;
    const { user, system } = processorTime(before);
    longest = Math.max(longest, (user + system) / 1000);
  }
  return longest;
}

function renderInTurns(spec: Parameters<typeof mediaSpec>[0]): Promise<Uint8Array> {
  return new Turns(createWallClock(), 0).run(renderInSteps(mediaSpec(spec)));
}

describe("for steps of rendering,", () => {
  it.each(formats)(
    "no step of the largest %s takes more than 10 ms of the processor",
    (format) => {
      const spec = { format, width: 4096, height: 4096, durationSeconds: 3600, words, sound: "speech" } as const;
      // The least of four runs, because the first ones also compile the code.
      expect(Math.min(...Array.from({ length: 4 }, () => longestStep(spec)))).toBeLessThan(10);
    },
    30_000,
  );

  it("other work runs between the steps of a file", async () => {
    let turns = 0;
    const count = (): void => {
      turns++;
      if (turns < 1000) setImmediate(count);
    };
    setImmediate(count);
    await renderInTurns({ format: "jpg", width: 1024, height: 1024, words });
    expect(turns).toBeGreaterThan(100);
    turns = 1000;
  });

  it("rendering in turns gives the same bytes as rendering at once", async () => {
    for (const format of formats)
      expect(Buffer.compare(await renderInTurns({ format, words }), renderMedia(mediaSpec({ format, words })))).toBe(0);
  });
});
