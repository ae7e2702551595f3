/** Tests that rendered videos decode to the requested size and duration. */
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { marginOf } from "../../../src/media/encode/card.ts";
import { planClockFace } from "../../../src/media/encode/clock-face.ts";
import { glyphHasInk } from "../../../src/media/encode/font.ts";
import { renderMedia } from "../../../src/media/encode/render.ts";
import { decodeFrames, demux } from "./decode-video.ts";
import { anyTitle, mediaSpec } from "../media-specs.ts";

const evenSide = fc.integer({ min: 1, max: 160 }).map((half) => half * 2);

function renderVideo(overrides: Partial<Parameters<typeof mediaSpec>[0]>) {
  return demux(renderMedia(mediaSpec({ ...overrides, format: "mp4" })));
}

function everyPixel(holds: (column: number, row: number) => boolean): boolean {
  return Array.from({ length: 35 }, (_, index) => index).every((index) => holds(index % 5, Math.floor(index / 5)));
}

describe("for a rendered mp4,", () => {
  it("the mp4 is constrained baseline H.264 of the requested size, with its index before its data", () => {
    const { info } = renderVideo({ width: 1280, height: 720, durationSeconds: 5 });
    expect(info).toMatchObject({ isProgressive: true, isFragmented: false, hasMoov: true });
    expect(info.tracks).toHaveLength(2);
    expect(info.videoTracks[0]).toMatchObject({
      codec: "avc1.42c028",
      nb_samples: 120,
      video: { width: 1280, height: 720 },
    });
  });

  it("the mp4 reports the requested size and, to within a frame, the requested duration", () => {
    fc.assert(
      fc.property(
        evenSide,
        evenSide,
        fc.double({ min: 0.1, max: 400, noNaN: true }),
        anyTitle,
        (width, height, durationSeconds, title) => {
          const { info, samples } = renderVideo({ width, height, durationSeconds, title });
          const [track] = info.videoTracks;
          const sampleTime = samples.reduce((sum, sample) => sum + sample.duration, 0);
          expect(track?.video).toEqual({ width, height });
          expect(info.duration / info.timescale).toBeCloseTo(durationSeconds, 3);
          expect(sampleTime / (track?.timescale ?? 0)).toBeCloseTo(durationSeconds, 3);
          expect(samples.filter((sample) => sample.is_sync)).toHaveLength(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("the mp4 decodes without an error into as many pictures as it has samples", () => {
    fc.assert(
      fc.property(
        evenSide,
        evenSide,
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        anyTitle,
        fc.string(),
        (...drawn) => {
          const [width, height, durationSeconds, title, seed] = drawn;
          const video = renderVideo({ width, height, durationSeconds, title, seed });
          const frames = decodeFrames(video);
          expect(frames).toHaveLength(video.samples.length);
          const { codedHeight } = planClockFace({ width, height }, marginOf({ width, height }));
          for (const frame of frames)
            expect(frame).toMatchObject({ codedWidth: Math.ceil(width / 16) * 16, codedHeight });
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    { width: 1280, height: 720 },
    { width: 322, height: 178 },
  ])("in $width x $height, the picture is sharp: its lumas are those of its image, to within three", async (size) => {
    const spec = { ...size, title: "Sharp-42_gq", model: "a-model", words: "some words", seed: "sharp" };
    const [frame] = decodeFrames(renderVideo(spec));
    const image = await sharp(renderMedia(mediaSpec({ ...spec, format: "png" })))
      .raw()
      .toBuffer();
    // The header of the image has the same place in the video; the rest makes room for the time code.
    const rows = Math.floor(size.height / 5);
    let inked = 0;
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < size.width; x++) {
        const [r = 0, g = 0, b = 0] = image.subarray((y * size.width + x) * 3);
        const luma = 16 + ((0.2126 * r + 0.7152 * g + 0.0722 * b) * 219) / 255;
        expect(Math.abs((frame?.luma[y * frame.codedWidth + x] ?? 0) - luma)).toBeLessThan(4);
        if (luma > 100) inked++;
      }
    }
    expect(inked).toBeGreaterThan(300);
  });

  it.each([
    { width: 1280, height: 720, durationSeconds: 2 },
    { width: 576, height: 1024, durationSeconds: 3.5 },
    { width: 200, height: 120, durationSeconds: 11 },
    { width: 1920, height: 1080, durationSeconds: 1 },
  ])("in $width x $height, the time code runs and the bar fills", ({ durationSeconds, ...size }) => {
    const frames = decodeFrames(renderVideo({ ...size, durationSeconds, words: "a long prompt with many words" }));
    const { lines, rectangles } = planClockFace(size, marginOf(size));
    const [bar] = rectangles;
    for (const [index, { luma, codedWidth }] of frames.entries()) {
      const tenths = Math.floor((index * durationSeconds * 10) / frames.length + 1e-6);
      const read = lines.slice(0, 7).map(({ left, top, scale }) =>
        [..."0123456789:."].find((character) =>
          everyPixel((column, row) => {
            const x = left + Math.floor((column + 0.5) * scale);
            const y = top + Math.floor((row + 0.5) * scale);
            return (luma[y * codedWidth + x] ?? 0) > 150 === glyphHasInk(character.charCodeAt(0), column, row);
          }),
        ),
      );
      expect(read.join("")).toBe(`00:${String(Math.floor(tenths / 10)).padStart(2, "0")}.${tenths % 10}`);
      const y = (bar?.top ?? 0) + 2;
      const row = luma.subarray(y * codedWidth + (bar?.left ?? 0)).subarray(0, bar?.width);
      const filled = row.filter((each) => each > 150).length;
      const expected = ((bar?.width ?? 0) * index) / (frames.length - 1);
      expect(Math.abs(filled - expected)).toBeLessThanOrEqual(1);
      expect(row.subarray(0, filled).every((each) => each > 150)).toBe(true);
    }
  });

  it("mp4 files of different seeds or titles differ visibly", () => {
    const [one] = decodeFrames(renderVideo({ durationSeconds: 0.1, seed: "a", title: "t" }));
    const [otherSeed] = decodeFrames(renderVideo({ durationSeconds: 0.1, seed: "b", title: "t" }));
    const [otherTitle] = decodeFrames(renderVideo({ durationSeconds: 0.1, seed: "a", title: "u" }));
    expect(Buffer.compare(otherSeed?.all ?? Buffer.alloc(0), one?.all ?? Buffer.alloc(0))).not.toBe(0);
    expect(otherTitle?.luma[0]).toBe(one?.luma[0]);
    expect(Buffer.compare(otherTitle?.luma ?? Buffer.alloc(0), one?.luma ?? Buffer.alloc(0))).not.toBe(0);
  });

  it("the largest mp4 decodes: 1920 pixels a side, with the requested aspect ratio", () => {
    const video = renderVideo({ width: 3840, height: 2160, durationSeconds: 0.2 });
    expect(video.info.videoTracks[0]).toMatchObject({ codec: "avc1.42c02a", video: { width: 1920, height: 1080 } });
    expect(decodeFrames(video)).toHaveLength(5);
  });

  it.each([
    [8, 64],
    [60, 128],
    [3600, 512],
  ])("an mp4 of %i s in 1920 x 1080 stays within %i KiB", (durationSeconds, kibibytes) => {
    const texts = { title: "A vendor", model: "some-model-of-it", words: "first words of a prompt ".repeat(9) };
    const size = { width: 1920, height: 1080 };
    for (const sound of ["silence", "speech"] as const) {
      const bytes = renderMedia(mediaSpec({ format: "mp4", ...size, ...texts, durationSeconds, sound }));
      expect(bytes.length).toBeLessThan(kibibytes * 1024 + (sound === "speech" ? durationSeconds * 700 : 0));
    }
  });

  it.each([0, -3, Number.NaN])("an mp4 without a usable duration (%d) is one frame long", (durationSeconds) => {
    const { info, samples } = renderVideo({ durationSeconds });
    expect(info.duration / info.timescale).toBeCloseTo(1 / 24, 5);
    expect(samples).toHaveLength(1);
  });
});

describe("for the sound of a rendered mp4,", () => {
  it("a silent AAC track lasts as long as the picture, for any length", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 400, noNaN: true }), (durationSeconds) => {
        const [track] = renderVideo({ durationSeconds, width: 16, height: 16 }).info.audioTracks;
        expect(track).toMatchObject({ codec: "mp4a.40.2", audio: { sample_rate: 16_000, channel_count: 1 } });
        expect((track?.samples_duration ?? 0) / 16_000).toBeCloseTo(durationSeconds, 3);
        expect(track?.nb_samples).toBe(Math.ceil(Math.max(1, Math.round(durationSeconds * 16_000)) / 1024));
      }),
      { numRuns: 30 },
    );
  });

  it("a frame of silence takes four bytes, and speech has louder and silent frames", () => {
    const sizesOf = (sound: "silence" | "speech"): number[] =>
      demux(renderMedia(mediaSpec({ format: "mp4", durationSeconds: 6, sound })), "audio").samples.map(
        ({ size }) => size,
      );
    expect(new Set(sizesOf("silence"))).toEqual(new Set([4]));
    const spoken = sizesOf("speech");
    expect(spoken.filter((size) => size > 20).length).toBeGreaterThan(30);
    expect(spoken.filter((size) => size === 4).length).toBeGreaterThan(5);
  });

  it("sound and picture alternate in the file, at most two seconds apart", () => {
    const file = renderMedia(mediaSpec({ format: "mp4", durationSeconds: 30, sound: "speech" }));
    const placed = (["video", "audio"] as const).flatMap((kind) =>
      demux(file, kind).samples.map(({ offset, cts, timescale }) => ({ kind, offset, seconds: cts / timescale })),
    );
    const last = { video: 0, audio: 0 };
    for (const { kind, seconds } of placed.sort((a, b) => a.offset - b.offset)) {
      last[kind] = seconds;
      expect(Math.abs(last.video - last.audio)).toBeLessThan(2);
    }
  });

  it("a video without sound has one track", () => {
    expect(renderVideo({ sound: "none" }).info.tracks).toHaveLength(1);
  });
});
