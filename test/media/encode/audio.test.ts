/** Tests that rendered audio decodes to the requested length and is audible. */
import fc from "fast-check";
import { MPEGDecoder } from "mpg123-decoder";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderMedia } from "../../../src/media/encode/render.ts";
import { mediaSpec } from "../media-specs.ts";

const seconds = fc.double({ min: 0.05, max: 90, noNaN: true });

/** Counts the zero crossings of a tone, which grow with its pitch. */
function crossings(samples: ArrayLike<number>): number {
  return Array.from(samples).filter((value, index, all) => index > 0 && value >= 0 !== (all[index - 1] ?? 0) >= 0)
    .length;
}

describe("for a rendered wav,", () => {
  function read(overrides: { durationSeconds?: number; seed?: string; title?: string }) {
    const bytes = Buffer.from(renderMedia(mediaSpec({ ...overrides, format: "wav" })));
    const chunks = new Map<string, Buffer>();
    for (let at = 12; at < bytes.length; at += 8 + bytes.readUInt32LE(at + 4)) {
      chunks.set(bytes.toString("latin1", at, at + 4), bytes.subarray(at + 8, at + 8 + bytes.readUInt32LE(at + 4)));
    }
    const data = chunks.get("data") ?? Buffer.alloc(0);
    const samples = Array.from({ length: data.length / 2 }, (_, index) => data.readInt16LE(index * 2));
    return { bytes, chunks, samples };
  }

  it("the wav is 16-bit mono PCM with consistent lengths", () => {
    const { bytes, chunks } = read({});
    expect(bytes.toString("latin1", 0, 4) + bytes.toString("latin1", 8, 12)).toBe("RIFFWAVE");
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
    expect([...chunks.keys()]).toEqual(["fmt ", "LIST", "data"]);
    const format = chunks.get("fmt ");
    expect([0, 2, 12, 14].map((at) => format?.readUInt16LE(at))).toEqual([1, 1, 2, 16]);
    expect([4, 8].map((at) => format?.readUInt32LE(at))).toEqual([8000, 16_000]);
    expect(chunks.get("LIST")?.toString("latin1")).toContain("gen_0001");
  });

  it("the wav lasts as long as requested, to within a sample, for any title", () => {
    fc.assert(
      fc.property(seconds, fc.string({ unit: "grapheme", maxLength: 20 }), (durationSeconds, title) => {
        const { bytes, samples } = read({ durationSeconds, title });
        expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
        expect(Math.abs(samples.length / 8000 - durationSeconds)).toBeLessThanOrEqual(1 / 8000);
      }),
      { numRuns: 25 },
    );
  });

  it("the wav is quiet, audible and of a pitch that the seed decides", () => {
    const tones = ["a", "b", "c", "d", "e"].map((seed) => read({ seed, durationSeconds: 1 }).samples);
    for (const tone of tones) {
      const peak = Math.max(...tone.map(Math.abs));
      expect(peak).toBeGreaterThan(500);
      expect(peak).toBeLessThan(3000);
      expect(crossings(tone) / 2).toBeGreaterThan(190);
      expect(crossings(tone) / 2).toBeLessThan(410);
    }
    expect(new Set(tones.map(crossings)).size).toBeGreaterThan(1);
  });
});

describe("for a rendered mp3,", () => {
  const decoder = new MPEGDecoder();
  beforeAll(() => decoder.ready);
  afterAll(() => {
    decoder.free();
  });

  async function decode(overrides: { durationSeconds?: number; seed?: string; title?: string }) {
    await decoder.reset();
    return decoder.decode(renderMedia(mediaSpec({ ...overrides, format: "mp3" })));
  }

  it("the mp3 decodes without an error to the requested duration, to within a frame of 36 ms", async () => {
    await fc.assert(
      fc.asyncProperty(seconds, fc.string({ unit: "grapheme", maxLength: 60 }), async (durationSeconds, title) => {
        const { errors, sampleRate, samplesDecoded, channelData } = await decode({ durationSeconds, title });
        expect(errors).toEqual([]);
        expect(sampleRate).toBe(16_000);
        expect(channelData[0]?.length).toBe(samplesDecoded);
        expect(Math.abs(samplesDecoded / sampleRate - durationSeconds)).toBeLessThanOrEqual(0.036);
      }),
      { numRuns: 25 },
    );
  });

  it("the mp3 is quiet, audible and of a pitch that the seed decides", async () => {
    const pitches = new Set<number>();
    for (const seed of ["a", "b", "c", "d", "e"]) {
      const tone = (await decode({ seed, durationSeconds: 1 })).channelData[0] ?? new Float32Array(0);
      const peak = tone.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      expect(peak).toBeGreaterThan(0.02);
      expect(peak).toBeLessThan(0.15);
      expect(crossings(tone) / 2).toBeGreaterThan(200);
      expect(crossings(tone) / 2).toBeLessThan(700);
      pitches.add(crossings(tone));
    }
    expect(pitches.size).toBeGreaterThan(1);
  });

  it("the mp3 takes a kilobyte a second", () => {
    expect(renderMedia(mediaSpec({ format: "mp3", durationSeconds: 300 })).length).toBeLessThan(301_000);
  });
});
