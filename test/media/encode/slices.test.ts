/** Tests that media are rendered in short slices, so that one large file does not stall other requests. */
import { describe, expect, it } from "vitest";
import { renderMedia, renderMediaInTurns, renderSlices } from "../../../src/media/encode/render.ts";
import { SliceRunner, type Slices } from "../../../src/media/encode/slices.ts";
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
    await renderMediaInTurns(mediaSpec({ format: "jpg", width: 1024, height: 1024, words }), new SliceRunner());
    expect(turns).toBeGreaterThan(100);
    turns = 1000;
  });

  it("rendering in turns gives the same bytes as rendering at once", async () => {
    for (const format of formats) {
      const spec = mediaSpec({ format, words });
      expect(Buffer.compare(await renderMediaInTurns(spec, new SliceRunner()), renderMedia(spec))).toBe(0);
    }
  });

  it("a turn of the event loop does one slice, however many files are rendered, and the files take turns", async () => {
    const done: string[] = [];
    let turn = 0;
    const turnsOfSlices: number[] = [];
    function* work(name: string, slices: number): Slices<string> {
      for (let slice = 0; slice < slices; slice++) {
        done.push(name);
        turnsOfSlices.push(turn);
        yield;
      }
      return name;
    }
    const runner = new SliceRunner();
    const results = Promise.all([runner.run(work("a", 3)), runner.run(work("b", 2)), runner.run(work("c", 1))]);
    let isOver = false;
    const count = (): void => {
      turn++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    expect(await results).toEqual(["a", "b", "c"]);
    isOver = true;
    expect(done.join("")).toBe("abcaba");
    expect(new Set(turnsOfSlices).size).toBe(6);
  });

  it("work that fails is told to its caller, and the next work runs", async () => {
    function* broken(): Slices<string> {
      yield;
      throw new Error("no ink");
    }
    function* whole(): Slices<string> {
      yield;
      return "done";
    }
    const runner = new SliceRunner();
    const [failed, other] = await Promise.allSettled([runner.run(broken()), runner.run(whole())]);
    expect(failed).toMatchObject({ status: "rejected", reason: { message: "no ink" } });
    expect(other).toEqual({ status: "fulfilled", value: "done" });
    expect(await runner.run(whole())).toBe("done");
  });
});
