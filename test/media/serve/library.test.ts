/** Tests that the media library gives each file format its content type. */
import { describe, expect, it } from "vitest";
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
    expect(new MediaLibrary(undefined, []).fileOfSpec(mediaSpec({ format }), 0).facts.contentType).toBe(contentType);
  });
});
