/** Tests that rendered media is the same on every machine and cheap to render. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderMedia } from "../../../src/media/encode/render.ts";
import { anyTitle, mediaSpec } from "../media-specs.ts";

const formats = ["png", "jpg", "webp", "mp4", "wav", "mp3"] as const;

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

describe("in renderMedia,", () => {
  it("the bytes are the same on every machine", () => {
    const digests = Object.fromEntries(formats.map((format) => [format, digest(renderMedia(mediaSpec({ format })))]));
    expect(digests).toEqual({
      png: "70e468b6facb78f4",
      jpg: "9dcd53eee38db1f2",
      webp: "5f5a885b1856c31d",
      mp4: "e79bbafa985b53b8",
      wav: "4b28de53b844c312",
      mp3: "e28ecf0bf791f07d",
    });
  });

  it("the same spec gives the same bytes, and another title gives others", () => {
    fc.assert(
      fc.property(fc.constantFrom(...formats), anyTitle, fc.string(), (format, title, seed) => {
        const spec = mediaSpec({ format, title, seed });
        const bytes = digest(renderMedia(spec));
        expect(digest(renderMedia({ ...spec }))).toBe(bytes);
        expect(digest(renderMedia({ ...spec, title: `x${title}` }))).not.toBe(bytes);
      }),
      { numRuns: 60 },
    );
  });

  it("the cost of an extreme request is bounded: an hour, 4096 pixels, 120 characters", () => {
    const wild = { width: 1e9, height: 1e9, durationSeconds: 1e12, title: "x".repeat(1e6) };
    for (const format of formats) {
      expect(renderMedia(mediaSpec({ format, ...wild })).length).toBeLessThan(60_000_000);
    }
  });
});
