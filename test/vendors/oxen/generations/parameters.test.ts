/** Tests which parameters each model of oxen accepts, and when a wrong one is refused. */
import { describe, expect, it } from "vitest";
import { buildOxenWorld, expectPublished, image, video } from "../../../support/oxen.ts";

const shot = (duration: unknown) => ({ prompt: "an ox", duration });
const kling = { model: "kling-video-o3-pro-reference-to-video" };
const seedance = { model: "bytedance-seedance-2-0-reference-to-video", prompt: "an ox" };
const input = "https://media.test/ox.png";

/** Wrong parameters: what is wrong, the synchronous route and body that send it, and the model's message. */
const refused: readonly (readonly [string, string, Readonly<Record<string, unknown>>, string])[] = [
  ["no prompt", "images/generate", { model: image.model }, "Prompt cannot be empty"],
  ["a blank prompt", "images/generate", { ...image, prompt: "  " }, "Prompt cannot be empty"],
  ["an unknown resolution", "images/generate", { ...image, resolution: "8k" }, "Invalid resolution"],
  [
    "a number out of bounds",
    "images/generate",
    {
      model: "black-forest-labs-flux-2-klein-4b",
      prompt: "an ox",
      num_inference_steps: 51,
    },
    "num_inference_steps must be between 1 and 50",
  ],
  ["a value of another type", "images/generate", { ...image, grounding: "yes" }, "Invalid grounding"],
  ["too many images", "images/generate", { ...image, input_image: Array(11).fill(input) }, "Too many input files"],
  ["a missing input", "images/edit", { model: "topazlabs-image-upscale" }, "Field required"],
  ["a duration that Kling refuses", "videos/generate", { ...video, duration: 2 }, "duration value '2' is invalid"],
  ["a duration that Seedance refuses", "videos/generate", { ...seedance, duration: 3 }, "Invalid duration"],
  [
    "more than twelve files together",
    "videos/generate",
    {
      ...seedance,
      input_images: Array(9).fill(input),
      input_videos: Array(3).fill(input),
      input_audios: [input],
    },
    "Too many input files",
  ],
  ["a missing prompt of a video", "videos/generate", { model: seedance.model }, "Field required"],
  ["a prompt that is not text", "images/generate", { ...image, prompt: 7 }, "Invalid prompt"],
  [
    "a malformed URL",
    "videos/generate",
    { model: "kling-video-o3-pro-video-to-video-edit", prompt: "an ox", input_video: "ox.mp4" },
    "Invalid URL",
  ],
  [
    "sound without pictures",
    "videos/generate",
    { ...seedance, input_audios: [input] },
    "Audio requires at least one image or video",
  ],
  [
    "a frame rate out of bounds",
    "videos/generate",
    { model: "topazlabs-video-upscale", input_video: input, target_fps: 61 },
    "target_fps must be between 1 and 60",
  ],
  [
    "prompt and shots",
    "videos/generate",
    { ...kling, prompt: "an ox", multi_prompt: [shot(5)] },
    "Getting model response error: 422 - Value error, Cannot provide both 'prompt' and 'multi_prompt'.",
  ],
  [
    "neither prompt nor shots",
    "videos/generate",
    kling,
    "Getting model response error: 422 - Value error, Either 'prompt' or 'multi_prompt' must be provided.",
  ],
  [
    "shots that are too long together",
    "videos/generate",
    { ...kling, multi_prompt: [shot(8), shot(8)] },
    "Total shot duration (16s) exceeds maximum allowed (15s)",
  ],
  [
    "a shot that is too long",
    "videos/generate",
    { ...kling, multi_prompt: [shot(16)] },
    "Input should be '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '14' or '15'",
  ],
  [
    "shots that are too short together",
    "videos/generate",
    { ...kling, multi_prompt: [shot(1), shot(1)] },
    "duration value '2' is invalid",
  ],
  ["a shot without a prompt", "videos/generate", { ...kling, multi_prompt: [{ duration: 5 }] }, "Field required"],
];

describe("wrong parameters of a model", () => {
  it.each(refused)("a job in the queue fails when it runs, for %s", async (_what, _route, body, message) => {
    const { post, get, advance } = await buildOxenWorld();
    const answer = await post("/api/ai/queue", body);
    expect(answer.status).toBe(200);
    expect(answer.headers["x-fauxgen-diagnostic"]).toBe(`JOB_WILL_FAIL: ${message}`);
    const [{ generation_id } = { generation_id: "" }] = answer.body.generations as { generation_id: string }[];
    await advance("1s");
    expect((await get(`/api/ai/queue/${generation_id}`)).body).toMatchObject({ status: "processing" });
    await advance("5s");
    const row = await get(`/api/ai/queue/${generation_id}`);
    expectPublished(row, "getGeneration", "failed");
    expect(row.body).toMatchObject({ error_message: message });
  });

  it.each(refused)("a synchronous route refuses a request at once, for %s", async (_what, route, body, message) => {
    const { post, get } = await buildOxenWorld();
    const answer = await post(`/api/ai/${route}`, body);
    expectPublished(answer, route.startsWith("video") ? "generateVideo" : "generateImage");
    expect(answer).toMatchObject({ status: 400, body: { error: { message } } });
    expect((await get("/api/ai/generations")).body).toMatchObject({ total_entries: 0 });
  });

  it("wrong parameters fail a job in every scenario", async () => {
    const { enqueue, advance, row } = await buildOxenWorld();
    const [id = ""] = await enqueue({ ...image, prompt: "fauxgen:stuck", resolution: "8k" });
    await advance("5s");
    expect(await row(id)).toMatchObject({ status: "failed", error_message: "Invalid resolution" });
  });
});

describe("valid parameters of a model", () => {
  it.each([
    ["only the required ones", image],
    ["null where the schema allows it", { ...seedance, input_images: null }],
    ["a duration as text", { ...seedance, duration: "auto" }],
    ["one image in place of a list", { ...image, input_image: input }],
    ["a list of one in place of an image", { model: "qwen-image-edit", prompt: "an ox", input_image: [input] }],
    ["an inlined image", { ...image, input_image: ["data:image/png;base64,AAAA"] }],
    ["shots", { ...kling, multi_prompt: [shot(3), shot(12)] }],
    ["shots whose length is text, or the usual one", { ...kling, multi_prompt: [shot("1"), { prompt: "an ox" }] }],
    ["no prompt for an upscaler", { model: "topazlabs-image-upscale", input_image: input }],
    ["a field that is not in the schema", { ...image, save_to_workbench: true }],
    ["any value for a model that is not in the catalogue", { model: "hailuo-9", resolution: 7, duration: "long" }],
  ])("a job succeeds with valid parameters: %s", async (_what, body) => {
    const { enqueue, advance, row } = await buildOxenWorld();
    const [id = ""] = await enqueue(body);
    await advance("5s");
    expect(await row(id)).toMatchObject({ status: "succeeded", error_message: null });
  });

  it("a row shows parameters as they were sent, without the model's defaults", async () => {
    const { enqueue, row } = await buildOxenWorld();
    const [id = ""] = await enqueue({ ...image, input_image: input });
    const answer = await row(id);
    expect(answer).toMatchObject({ input_image: input });
    expect(answer).not.toHaveProperty("resolution");
  });

  it.each([
    [
      { ...image, resolution: "2k", aspect_ratio: "16:9" },
      { width: 2048, height: 1152, format: "png" },
    ],
    [
      { ...image, resolution: "768sq" },
      { width: 768, height: 768 },
    ],
    [{ model: "gpt-image-2", prompt: "an ox", output_format: "webp" }, { format: "webp" }],
    [
      { model: "some-image-model", prompt: "an ox", size: "640x480" },
      { width: 640, height: 480 },
    ],
    [
      { ...video, aspect_ratio: "9:16" },
      { width: 720, height: 1280, format: "mp4", durationSeconds: 5 },
    ],
    [{ ...kling, multi_prompt: [shot(3), shot(4)] }, { durationSeconds: 7 }],
    [
      { ...seedance, duration: "12", resolution: "480p" },
      { durationSeconds: 12, width: 854 },
    ],
    [{ model: "bytedance-seed-audio-1-0", prompt: "moo", output_format: "wav" }, { format: "wav" }],
    [
      { model: "luma-ray-v3-2-text-to-video", prompt: "an ox", duration: "10s", resolution: "540p" },
      { durationSeconds: 10, width: 960, height: 540 },
    ],
    [
      { model: "openai-sora-2-pro", prompt: "an ox", seconds: "12", aspect_ratio: "portrait" },
      { durationSeconds: 12, width: 720, height: 1280 },
    ],
    [
      { model: "ltx-2-3-quality-text-to-video", prompt: "an ox", num_frames: 240, resolution: "portrait_16_9" },
      { durationSeconds: 10, width: 576, height: 1024 },
    ],
    [
      { model: "wan-ai-wan2-2-ti2v-5b-diffusers", prompt: "an ox", width: 640, height: 320 },
      { durationSeconds: 5, width: 640, height: 320 },
    ],
    [
      { model: "flux-2-pro", prompt: "an ox", resolution: "0.5 MP", aspect_ratio: "1:1" },
      { width: 708, height: 708, format: "webp" },
    ],
    [
      { model: "gpt-image-1-5", prompt: "an ox", size: "landscape" },
      { width: 1024, height: 682 },
    ],
    [
      { model: "some-image-model", prompt: "an ox", image_size: { width: 512, height: 256 } },
      { width: 512, height: 256 },
    ],
  ])("parameters decide the file of the output: %j", async (body, expected) => {
    const { enqueue, sandbox } = await buildOxenWorld();
    const [id = ""] = await enqueue(body);
    expect(sandbox.generations.find("oxen", id)?.outputs).toEqual([expect.objectContaining(expected)]);
  });

  it("the queue accepts audio, in rows with one of the two documented media types", async () => {
    const { enqueue, get, advance } = await buildOxenWorld();
    const [id = ""] = await enqueue({ model: "bytedance-seed-audio-1-0", prompt: "moo" });
    await advance("5s");
    const answer = await get(`/api/ai/queue/${id}`);
    expectPublished(answer, "getGeneration", "succeeded");
    expect(answer.body.result_url).toContain(`${id}.mp3`);
  });
});
