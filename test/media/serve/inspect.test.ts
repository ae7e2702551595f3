/** Tests that the size and length of a media file are read from its bytes. */
import { describe, expect, it } from "vitest";
import { inspectMedia, type ReadableFile } from "../../../src/media/serve/inspect.ts";
import { renderMedia, type MediaSpec } from "../../../src/media/encode/render.ts";

const rendered = (format: MediaSpec["format"], size = { width: 320, height: 192 }): Uint8Array =>
  renderMedia({ format, ...size, durationSeconds: 3.5, title: "title", seed: "seed" });

const fileOf = (bytes: Uint8Array): ReadableFile => ({
  size: bytes.length,
  read: async (start, end) => bytes.subarray(start, end),
});

describe("when a media file is inspected,", () => {
  it.each(["png", "jpg", "webp"] as const)("the size of a %s is found", async (format) => {
    expect(await inspectMedia(fileOf(rendered(format)))).toEqual({ kind: "image", width: 320, height: 192 });
  });

  it("the size, length and frames of an MP4 are found", async () => {
    const facts = await inspectMedia(fileOf(rendered("mp4")));
    expect(facts).toEqual({ kind: "video", width: 320, height: 192, durationSeconds: 3.5, frames: 84 });
  });

  it.each(["mp3", "wav"] as const)("the length of a %s is found", async (format) => {
    const facts = await inspectMedia(fileOf(rendered(format)));
    expect(facts).toEqual({ kind: "audio", durationSeconds: expect.closeTo(3.5, 1) as number });
  });

  it.each([
    ["text", Buffer.from("not a media file at all")],
    ["nothing", Buffer.alloc(0)],
    [
      "a playlist that names other files",
      Buffer.from("#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:9,\nhttp://127.0.0.1:1/a.ts\n"),
    ],
    ["zeros", Buffer.alloc(100)],
    ["an empty bitmap's head", Buffer.concat([Buffer.from("BM"), Buffer.alloc(60)])],
    ["an empty GIF's head", Buffer.concat([Buffer.from("GIF89a"), Buffer.alloc(40)])],
    ["a portable pixmap of no size", Buffer.from("P6\n0 0\n255\n")],
    ["half an MP4", rendered("mp4").subarray(0, 500)],
  ])("the kind is unknown for %s", async (_, bytes) => {
    expect(await inspectMedia(fileOf(bytes))).toEqual({ kind: "unknown" });
  });
});
