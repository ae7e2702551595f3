/** Tests sync's thumbnails, voice previews, and models that a sandbox adds. */
import { imageSize } from "image-size";
import { describe, expect, it } from "vitest";
import { inspectMedia } from "../../../src/media/serve/inspect.ts";
import { renderMedia } from "../../../src/media/encode/render.ts";
import { buildTestWorld, type TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { get, post, remove, uploadFile } from "../../support/sync.ts";
import { fetchFile } from "../../support/requests.ts";

/** Uploads a file and registers it as an asset. */
async function uploadAsset(world: TestWorld, format: "mp4" | "png", type: string): Promise<Record<string, unknown>> {
  const bytes = renderMedia({ format, width: 360, height: 640, durationSeconds: 1, title: "v", seed: "v" });
  const contentType = format === "mp4" ? "video/mp4" : "image/png";
  const url = await uploadFile(world, bytes, { fileName: `a.${format}`, contentType });
  return (await post(world, "/v2/assets", { url, type })).json<Record<string, unknown>>();
}

describe("sync's files other than results", () => {
  it("a thumbnail has the proportions of its video, until the asset is deleted", async () => {
    const world = await buildTestWorld();
    const asset = await uploadAsset(world, "mp4", "VIDEO");
    const url = String(asset["thumbnailUrl"]);
    const picture = await fetchFile(world, url);
    expect(picture.headers["content-type"]).toBe("image/jpeg");
    expect(imageSize(picture.rawPayload)).toMatchObject({ type: "jpg", width: 360, height: 640 });
    await remove(world, `/v2/assets/${String(asset["id"])}`);
    expect((await fetchFile(world, url)).statusCode).toBe(404);
  });

  it("images and external assets have no thumbnail", async () => {
    const world = await buildTestWorld();
    expect(await uploadAsset(world, "png", "IMAGE")).not.toHaveProperty("thumbnailUrl");
    const body = { url: "https://example.com/a.mp4", type: "VIDEO" };
    const elsewhere = await post(world, "/v2/assets", body);
    expect(elsewhere.json()).not.toHaveProperty("thumbnailUrl");
  });

  it("every built-in voice has a preview with its own tone", async () => {
    const world = await buildTestWorld();
    const voices = (await get(world, "/v2/voices")).json<{ previewUrl: string }[]>();
    const sounds = await Promise.all(voices.map(async ({ previewUrl }) => fetchFile(world, previewUrl)));
    for (const { headers, rawPayload } of sounds) {
      expect(headers["content-type"]).toBe("audio/mpeg");
      const size = rawPayload.length;
      const found = await inspectMedia({ size, read: async (start, end) => rawPayload.subarray(start, end) });
      expect(found).toMatchObject({ kind: "audio", durationSeconds: expect.closeTo(3, 0) as unknown });
    }
    expect(new Set(sounds.map(({ rawPayload }) => rawPayload.toString("base64"))).size).toBe(voices.length);
  });

  it("a voice from a fixtures folder keeps its own preview URL", async () => {
    const world = await buildTestWorld();
    const voice = { id: "mine", name: "Mine", previewUrl: "https://example.com/mine.mp3" };
    await control(world.app, "PUT", "sandboxes/world/catalogue/sync/voices/mine", voice);
    const found = await get(world, "/v2/voices/mine");
    expect(found.json()).toMatchObject({ previewUrl: voice.previewUrl });
  });
});

describe("a model of sync that a sandbox adds", () => {
  it("a model that a sandbox adds is accepted, priced and listed only there", async () => {
    const world = await buildTestWorld();
    await control(world.app, "PUT", "sandboxes/elsewhere", {});
    const model = { id: "lipsync-9", name: "lipsync-9", type: "lipsync", version: "9", usdPerSecond: 0.5 };
    const input = [
      { type: "video", url: "https://example.com/a.mp4" },
      { type: "audio", url: "https://example.com/a.wav" },
    ];
    const body = { model: "lipsync-9", input };
    const submit = async (key = "fx_world_main") => post(world, "/v2/generate", body, { key });
    expect((await submit()).statusCode).toBe(400);
    expect((await control(world.app, "PUT", "sandboxes/world/catalogue/sync/models/lipsync-9", model)).status).toBe(
      200,
    );
    expect((await submit()).json()).toMatchObject({ model: "lipsync-9", status: "PENDING" });
    expect((await submit("fx_elsewhere_main")).json()).toMatchObject({ errorCode: "generation_unsupported_model" });
    const priced = await post(world, "/v2/analyze/cost", body);
    expect(priced.statusCode).toBeLessThan(300);
    const listed = await get(world, "/v2/models");
    expect(listed.body).toContain("lipsync-9");
  });
});
