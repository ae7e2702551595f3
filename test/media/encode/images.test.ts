/** Tests that rendered images decode to the requested size and differ by seed and title. */
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { coloursFor } from "../../../src/media/encode/colour.ts";
import { CONTENT_TYPES, renderMedia, type MediaSpec } from "../../../src/media/encode/render.ts";
import { anyTitle, mediaSpec } from "../media-specs.ts";

const imageFormats = ["png", "jpg", "webp"] as const;

/** Decodes an image with libpng, libjpeg-turbo or libwebp, which fail on any warning. */
async function decode(bytes: Uint8Array) {
  const { data, info } = await sharp(bytes, { failOn: "warning" }).raw().toBuffer({ resolveWithObject: true });
  return { pixels: new Uint8Array(data), width: info.width, height: info.height, channels: info.channels };
}

async function decodeSpec(spec: MediaSpec) {
  return decode(renderMedia(spec));
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? 0))), 0);
}

describe.each(imageFormats)("for a rendered %s,", (format) => {
  it("the image is recognised as its content type says", async () => {
    const metadata = await sharp(renderMedia(mediaSpec({ format }))).metadata();
    expect(CONTENT_TYPES[format]).toBe(`image/${metadata.format}`);
    expect(metadata).toMatchObject({ channels: 3, hasAlpha: false });
  });

  it("the image has exactly the requested size, for any size and title", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 260 }),
        fc.integer({ min: 1, max: 260 }),
        anyTitle,
        fc.string(),
        async (width, height, title, seed) => {
          const decoded = await decodeSpec(mediaSpec({ format, width, height, title, seed }));
          expect(decoded).toMatchObject({ width, height, channels: 3 });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("a larger image is scaled down to 4096 pixels a side and keeps its aspect ratio", async () => {
    const { width, height } = await decodeSpec(mediaSpec({ format, width: 16_000, height: 9000 }));
    expect({ width, height }).toEqual({ width: 4096, height: 2304 });
  });

  it("the corner has the seed's background, and another seed gives another picture", async () => {
    const one = await decodeSpec(mediaSpec({ format, seed: "a" }));
    const other = await decodeSpec(mediaSpec({ format, seed: "b" }));
    const tolerance = format === "jpg" ? 3 : 0;
    const corner = one.pixels.subarray(-3);
    for (const [index, channel] of coloursFor("a")[0].entries()) {
      expect(Math.abs((corner[index] ?? -99) - channel)).toBeLessThanOrEqual(tolerance);
    }
    expect(largestDifference(corner, other.pixels.subarray(-3))).toBeGreaterThan(20);
  });

  it("the image shows its title: another title with the same seed is another picture", async () => {
    const one = await decodeSpec(mediaSpec({ format, title: "one" }));
    const other = await decodeSpec(mediaSpec({ format, title: "two" }));
    expect(largestDifference(one.pixels, other.pixels)).toBeGreaterThan(100);
  });

  it("the file stays small at a size that models produce", () => {
    expect(renderMedia(mediaSpec({ format, width: 1024, height: 1024 })).length).toBeLessThan(64 * 1024);
  });
});

describe("for the three image formats,", () => {
  it("all formats show the same pixels, the lossy one approximately", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 8, max: 200 }),
        fc.integer({ min: 8, max: 200 }),
        anyTitle,
        fc.string(),
        async (width, height, title, seed) => {
          const spec = { width, height, title, seed };
          const png = await decodeSpec(mediaSpec({ format: "png", ...spec }));
          const webp = await decodeSpec(mediaSpec({ format: "webp", ...spec }));
          const jpg = await decodeSpec(mediaSpec({ format: "jpg", ...spec }));
          expect(largestDifference(png.pixels, webp.pixels)).toBe(0);
          expect(largestDifference(png.pixels, jpg.pixels)).toBeLessThan(32);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("the drawn letters can be read", async () => {
    const { pixels, width } = await decodeSpec(mediaSpec({ format: "png", width: 20, height: 24, title: "Gq7" }));
    const paper = pixels[0];
    const rows = Array.from({ length: 7 }, (_, row) =>
      Array.from({ length: 17 }, (_, column) =>
        pixels[((row + 1) * width + column + 1) * 3] === paper ? "." : "#",
      ).join(""),
    );
    expect(rows).toEqual([
      ".###........#####",
      "#...#...........#",
      "#......##.#....#.",
      "#.###.#..##...#..",
      "#...#..####..#...",
      "#...#.....#..#...",
      ".####.....#..#...",
    ]);
  });
});
