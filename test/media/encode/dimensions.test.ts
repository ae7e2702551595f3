/** Tests how an aspect ratio becomes the width and height of a picture. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dimensionsFor, fitWithin } from "../../../src/media/encode/dimensions.ts";

describe("in dimensionsFor,", () => {
  it.each([
    ["16:9", 1280, 1280, 720],
    ["9:16", 1920, 1080, 1920],
    ["1:1", 1024, 1024, 1024],
    ["3:5", 1000, 600, 1000],
    ["4:5", 1280, 1024, 1280],
    ["1024x768", 1024, 1024, 768],
    [" 2.39 : 1 ", 1920, 1920, 804],
    ["46:10", 1840, 1840, 400],
  ])("the ratio %s with %i pixels on the long side becomes %i x %i", (ratio, longSide, width, height) => {
    expect(dimensionsFor(ratio, longSide)).toEqual({ width, height });
  });

  it.each([undefined, "", "wide", "16:", "0:9", "9:0", "16:9:4", "-1:2", "auto"])("%j becomes a square", (ratio) => {
    expect(dimensionsFor(ratio, 512)).toEqual({ width: 512, height: 512 });
  });

  it("sides are even and at least 2, the longer one as requested, the ratio within rounding", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 2048 }).map((half) => half * 2),
        (left, right, longSide) => {
          const { width, height } = dimensionsFor(`${left}:${right}`, longSide);
          expect(Math.max(width, height)).toBe(longSide);
          expect(width % 2 || height % 2).toBe(0);
          const exact = (longSide * Math.min(left, right)) / Math.max(left, right);
          expect(Math.abs(Math.min(width, height) - Math.max(2, exact))).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe("in fitWithin,", () => {
  it("a fitting size stays the same, and no side is below 1", () => {
    expect(fitWithin({ width: 300, height: 200 }, 400)).toEqual({ width: 300, height: 200 });
    expect(fitWithin({ width: 100_000, height: 1 }, 400)).toEqual({ width: 400, height: 1 });
    expect(fitWithin({ width: Number.NaN, height: -5 }, 400)).toEqual({ width: 1, height: 1 });
  });
});
