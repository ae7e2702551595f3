/** Tests which file the media library gives an output, and that it renders each file once. */
import { describe, expect, it } from "vitest";
import { createWallClock } from "../../../src/engine/base/clock.ts";
import { MediaLibrary } from "../../../src/media/serve/library.ts";
import { mediaSpec } from "../media-specs.ts";

describe("for the media library,", () => {
  it.each([
    ["png", "image/png"],
    ["jpg", "image/jpeg"],
    ["webp", "image/webp"],
    ["mp4", "video/mp4"],
    ["wav", "audio/wav"],
    ["mp3", "audio/mpeg"],
  ] as const)("a %s file is served as %s", (format, contentType) => {
    expect(
      new MediaLibrary(undefined, [], createWallClock()).fileOfSpec(mediaSpec({ format }), 0).facts.contentType,
    ).toBe(contentType);
  });

  it("a file is rendered once: requests at the same time wait for it, and later ones get the same bytes", async () => {
    const library = new MediaLibrary(undefined, [], createWallClock());
    const askForIt = () => library.fileOfSpec(mediaSpec({ format: "mp4" }), 0).content();
    const [first, second] = [askForIt(), askForIt()];
    expect(first).toBeInstanceOf(Promise);
    expect(second).toBe(first);
    expect(askForIt()).toBe(first);
    const bytes = await first;
    expect(askForIt()).toBe(bytes);
  });

  it.each(["Привет, мир", "山の灯台 🚀", "é".repeat(500), "x".repeat(500), "", "\u0000\u202e\n"])(
    "words such as %j are drawn, whatever their script and length",
    async (words) => {
      const library = new MediaLibrary(undefined, [], createWallClock());
      for (const format of ["png", "mp4", "mp3"] as const)
        await expect(library.fileOfSpec(mediaSpec({ format, words }), 0).content()).resolves.toBeInstanceOf(Uint8Array);
    },
  );
});
