/** Tests that rendered videos decode to the requested size and duration. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawPicture, inkInSquare } from "../../../src/media/encode/picture.ts";
import { renderMedia } from "../../../src/media/encode/render.ts";
import { decodeFrames, demux } from "./decode-video.ts";
import { anyTitle, mediaSpec } from "../media-specs.ts";

const evenSide = fc.integer({ min: 1, max: 160 }).map((half) => half * 2);

function renderVideo(overrides: Partial<Parameters<typeof mediaSpec>[0]>) {
  return demux(renderMedia(mediaSpec({ ...overrides, format: "mp4" })));
}

describe("for a rendered mp4,", () => {
  it("the mp4 is constrained baseline H.264 of the requested size, with its index before its data", () => {
    const { info } = renderVideo({ width: 1280, height: 720, durationSeconds: 5 });
    expect(info).toMatchObject({ isProgressive: true, isFragmented: false, hasMoov: true });
    expect(info.tracks).toHaveLength(1);
    expect(info.videoTracks[0]).toMatchObject({
      codec: "avc1.42c01f",
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

  it("the mp4 decodes without an error into as many equal pictures as it has samples", () => {
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
          for (const frame of frames) expect(Buffer.compare(frame.all, frames[0]?.all ?? Buffer.alloc(0))).toBe(0);
          expect(frames[0]).toMatchObject({
            codedWidth: Math.ceil(width / 16) * 16,
            codedHeight: Math.ceil(height / 16) * 16,
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it("the title is sharp: every pixel is paper or ink, as drawn", () => {
    const spec = { width: 322, height: 178, title: "Sharp-42_gq", seed: "sharp" };
    const [frame] = decodeFrames(renderVideo(spec));
    const drawn = drawPicture({ ...spec, maxTextPixels: 16_000, textGrid: 16 });
    const width = frame?.codedWidth ?? 0;
    const paper = frame?.luma[0];
    let inked = 0;
    for (const [index, luma] of frame?.luma.entries() ?? []) {
      const isInk = inkInSquare(drawn, index % width, Math.floor(index / width), 1) !== undefined;
      expect(luma !== paper).toBe(isInk);
      if (isInk) inked++;
    }
    expect(inked).toBeGreaterThan(500);
  });

  it("mp4 files of different seeds or titles differ visibly", () => {
    const [one] = decodeFrames(renderVideo({ durationSeconds: 0.1, seed: "a", title: "t" }));
    const [otherSeed] = decodeFrames(renderVideo({ durationSeconds: 0.1, seed: "b", title: "t" }));
    const [otherTitle] = decodeFrames(renderVideo({ durationSeconds: 0.1, seed: "a", title: "u" }));
    expect(otherSeed?.luma[0]).not.toBe(one?.luma[0]);
    expect(otherTitle?.luma[0]).toBe(one?.luma[0]);
    expect(Buffer.compare(otherTitle?.luma ?? Buffer.alloc(0), one?.luma ?? Buffer.alloc(0))).not.toBe(0);
  });

  it("the largest mp4 decodes: 1920 pixels a side, with the requested aspect ratio", () => {
    const video = renderVideo({ width: 3840, height: 2160, durationSeconds: 0.2 });
    expect(video.info.videoTracks[0]).toMatchObject({ codec: "avc1.42c028", video: { width: 1920, height: 1080 } });
    expect(decodeFrames(video)).toHaveLength(5);
  });

  it.each([1, 60, 300, 3600])("an mp4 of %i s stays within tens of kilobytes", (durationSeconds) => {
    const title = "3f9a1c2e-77b0-4d51-9e0a-b8f2c61d4e9a";
    const bytes = renderMedia(mediaSpec({ format: "mp4", width: 1920, height: 1080, durationSeconds, title }));
    expect(bytes.length).toBeLessThan(64 * 1024);
  });

  it.each([0, -3, Number.NaN])("an mp4 without a usable duration (%d) is one frame long", (durationSeconds) => {
    const { info, samples } = renderVideo({ durationSeconds });
    expect(info.duration / info.timescale).toBeCloseTo(1 / 24, 5);
    expect(samples).toHaveLength(1);
  });
});
