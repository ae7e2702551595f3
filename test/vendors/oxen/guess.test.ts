/** Tests what an open catalogue takes a model for that it does not have. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import { guessKind } from "../../../src/vendors/oxen/guess.ts";
import { buildOxenWorld } from "../../support/oxen.ts";

const picture = "https://media.test/ox.png";

describe("the guess of what an unknown model makes", () => {
  it.each([
    ["an image by its name", "some-model", {}, "image"],
    ["a video by its name", "hailuo-9", {}, "video"],
    ["audio by its name", "some-voice", {}, "audio"],
    ["text by its name", "claude-99", {}, "text"],
    ["a video by a parameter of videos, whatever its name is", "gpt-7", { generate_audio: true }, "video"],
    ["audio by a parameter of audio", "some-model", { sample_rate: 24000 }, "audio"],
    ["an image by a parameter of images", "some-video-model", { image_size: "square" }, "image"],
    ["audio by a length and its name", "some-music", { duration: 30 }, "audio"],
    ["a video by a length", "some-model", { duration: 5 }, "video"],
    ["a video by a parameter of pictures and its name", "sora-9", { aspect_ratio: "16:9" }, "video"],
    ["an image by a parameter of pictures", "gpt-image-9", { input_image: [picture] }, "image"],
    ["text, although a parameter is null", "gpt-7", { aspect_ratio: null, duration: undefined }, "text"],
  ])("is %s", (_what, name, parameters, kind) => {
    expect(guessKind(name, parameters)).toBe(kind);
  });

  it.each(["image", "video", "audio"] as const)("is what the route makes, for a route of %s", (route) => {
    expect(guessKind("claude-99", { sample_rate: 1, multi_prompt: [] }, route)).toBe(route);
  });
});

describe("a model that is not in the catalogue", () => {
  const unknown = { model: "gpt-99-picture", prompt: "an ox" };

  it.each([
    ["images/generate", "images"],
    ["videos/generate", "videos"],
    ["audio/generate", "audios"],
    ["audio/speech", "audios"],
  ])("makes what the route %s makes, with a diagnostic", async (route, collection) => {
    const { post, sandbox } = await buildOxenWorld();
    sandbox.saveSettings(sandboxSettings.parse({ timing: "instant" }));
    const answer = await post(`/api/ai/${route}`, unknown);
    expect(answer).toMatchObject({ status: 200, body: { [collection]: [{ url: expect.any(String) as unknown }] } });
    expect(answer.headers["x-fauxgen-diagnostic"]).toContain("MODEL_NOT_IN_CATALOGUE");
  });

  it("is transcribed from the route of transcriptions", async () => {
    const { post } = await buildOxenWorld();
    const answer = await post("/api/ai/audio/transcriptions", { model: "whisper-9", audio_url: `${picture}.mp3` });
    expect(answer).toMatchObject({ status: 200, body: { text: expect.stringContaining("ox.png.mp3") as unknown } });
  });

  it("is refused by the queue if only its name decides and means text", async () => {
    const { post } = await buildOxenWorld();
    expect(await post("/api/ai/queue", unknown)).toMatchObject({ status: 400 });
    expect(await post("/api/ai/queue", { ...unknown, input_image: [picture] })).toMatchObject({ status: 200 });
  });

  it("is edited only with an image, as the route's page says", async () => {
    const { post, sandbox } = await buildOxenWorld();
    sandbox.saveSettings(sandboxSettings.parse({ timing: "instant" }));
    expect(await post("/api/ai/images/edit", unknown)).toMatchObject({
      status: 400,
      body: { error: { message: "Field required" } },
    });
    expect(await post("/api/ai/images/edit", { ...unknown, image: picture })).toMatchObject({ status: 200 });
  });

  it.each(["images/generate", "images/edit", "videos/generate", "audio/speech", "audio/transcriptions", "queue"])(
    "does not exist for %s in a strict catalogue",
    async (route) => {
      const { post, sandbox } = await buildOxenWorld();
      sandbox.saveSettings(sandboxSettings.parse({ catalogue: "strict" }));
      const answer = await post(`/api/ai/${route}`, { ...unknown, audio_url: picture, input_image: picture });
      expect(answer).toMatchObject({ status: 404, body: { error: { message: "Model not found: gpt-99-picture" } } });
    },
  );
});
