/** Tests which bodies POST /v2/generate accepts, and what the created generation is like. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { audio, get, image, lipsync, post, readGeneration, text, video } from "../../../support/sync.ts";

type Json = Record<string, unknown>;

/** Stores an asset with the fields that generations read. */
function addAsset({ sandbox }: TestWorld, id: string, document: Json, account = "main"): void {
  sandbox.store.resources.insert({
    sandboxId: sandbox.rowId,
    accountId: sandbox.account(account).id,
    vendor: "sync",
    kind: "asset",
    publicId: id,
    createdAt: sandbox.clock.now(),
    document: JSON.stringify(document),
  });
}

const assetId = "550e8400-e29b-41d4-a716-446655440000";
const segment = { startTime: 0, endTime: 4, audioInput: { refId: "a" } };

describe("POST /v2/generate", () => {
  it.each([
    ["an image with sync-3", { model: "sync-3", input: [image, audio] }],
    ["a text input", { input: [video, text] }],
    [
      "several sounds with segments",
      {
        input: [video, { ...audio, refId: "a" }, { ...text, refId: "b" }],
        segments: [segment, { startTime: 4, endTime: 6, audioInput: { refId: "b", startTime: 0, endTime: 2 } }],
      },
    ],
    ["one video to dub", { input: [video], dubParams: { targetLang: "es" } }],
    [
      "unsupported, old and unknown options",
      {
        options: {
          sync_mode: "remap",
          model_mode: "head",
          temperature: 0.2,
          pads: [0, 5, 0, 0],
          active_speaker: true,
          x: 1,
        },
      },
    ],
    [
      "null for every optional field",
      {
        options: null,
        segments: null,
        webhookUrl: null,
        outputFileName: null,
        dubParams: null,
        projectId: null,
      },
    ],
    ["undocumented fields", { extra: { deeply: [1] } }],
  ])("a create accepts %s", async (_what, change) => {
    const response = await post(await buildTestWorld(), "/v2/generate", { ...lipsync, ...change });
    expect(response.statusCode, response.body).toBe(201);
  });

  it.each([
    ["no body", undefined, /^model must be a string/],
    ["no model", { input: lipsync.input }, /^model /],
    ["a model that is a number", { ...lipsync, model: 2 }, /^model must be a string/],
    ["an input that is not an array", { ...lipsync, input: {} }, /^input must be an array/],
    ["an empty input", { ...lipsync, input: [] }, /^input should not be empty/],
    ["an input of unknown type", { ...lipsync, input: [{ type: "smell" }] }, /^input\.0/],
    ["a malformed url", { ...lipsync, input: [{ ...video, url: "face.mp4" }, audio] }, /^input\.0\.url must be a URL/],
    [
      "an asset id that is not a UUID",
      { ...lipsync, input: [{ type: "video", assetId: "7" }, audio] },
      /^input\.0\.assetId/,
    ],
    ["a temperature above 1", { ...lipsync, options: { temperature: 1.5 } }, /^options\.temperature/],
    ["an unknown sync_mode", { ...lipsync, options: { sync_mode: "wiggle" } }, /^options\.sync_mode must be one of/],
    ["a webhook URL that is not http", { ...lipsync, webhookUrl: "ftp://x.test/" }, /^webhookUrl/],
    [
      "an unknown language",
      { input: [video], model: "lipsync-2", dubParams: { targetLang: "xx" } },
      /^dubParams\.targetLang/,
    ],
    [
      "a script of 5,001 characters",
      {
        ...lipsync,
        input: [video, { ...text, provider: { ...text.provider, script: "x".repeat(5001) } }],
      },
      /^input\.1\.provider\.script must be shorter/,
    ],
    ["a file name of 256 characters", { ...lipsync, outputFileName: "x".repeat(256) }, /^outputFileName/],
  ])("a create answers %s with the framework's 400", async (_what, body, message) => {
    const world = await buildTestWorld();
    const response = await post(world, "/v2/generate", body);
    expect(response.json()).toEqual({
      message: expect.arrayContaining([expect.stringMatching(message)]),
      error: "Bad Request",
      statusCode: 400,
    });
    expect(world.sandbox.generations.count({})).toBe(0);
  });

  it.each([
    ["two videos", 422, "generation_input_too_many_visual", { input: [video, video, audio] }],
    [
      "a video and an image",
      422,
      "generation_input_too_many_visual",
      { model: "sync-3", input: [video, image, audio] },
    ],
    ["no visual input", 422, "generation_input_validation_failed", { input: [audio] }],
    ["no sound", 422, "generation_input_validation_failed", { input: [video] }],
    ["two sounds without segments", 422, "generation_input_validation_failed", { input: [video, audio, text] }],
    [
      "an item with neither url nor assetId",
      422,
      "generation_input_validation_failed",
      { input: [{ type: "video" }, audio] },
    ],
    ["an image with another model", 400, "generation_unsupported_model", { input: [image, audio] }],
    ["an unknown model", 400, "generation_unsupported_model", { model: "gpt-5" }],
    ["a sound to dub", 422, "generation_input_dub_audio_conflict", { dubParams: { targetLang: "es" } }],
    [
      "an image to dub",
      422,
      "generation_input_validation_failed",
      { model: "sync-3", input: [image], dubParams: { targetLang: "es" } },
    ],
    [
      "segments that end before they start",
      422,
      "generation_input_segments_invalid",
      {
        input: [video, { ...audio, refId: "a" }],
        segments: [{ ...segment, startTime: 5 }],
      },
    ],
    [
      "segments of an unknown refId",
      422,
      "generation_input_segments_invalid",
      {
        input: [video, { ...audio, refId: "b" }],
        segments: [segment],
      },
    ],
    ["segments and a sound without refId", 422, "generation_input_segments_invalid", { segments: [segment] }],
    [
      "segments and one refId twice",
      422,
      "generation_input_segments_invalid",
      {
        input: [video, { ...audio, refId: "a" }, { ...text, refId: "a" }],
        segments: [segment],
      },
    ],
    [
      "half an audio crop",
      422,
      "generation_input_segments_invalid",
      {
        input: [video, { ...audio, refId: "a" }],
        segments: [{ ...segment, audioInput: { refId: "a", startTime: 1 } }],
      },
    ],
    ["an unknown asset", 404, "asset_not_found", { input: [{ type: "video", assetId }, audio] }],
    ["an unknown project", 422, "project_not_found", { projectId: assetId }],
    [
      "a negative trim",
      422,
      "generation_input_trim_invalid",
      { input: [{ ...video, segments_secs: [[-1, 2]] }, audio] },
    ],
    [
      "a malformed speaker box",
      422,
      "generation_input_face_selection_invalid",
      {
        options: { active_speaker_detection: { bounding_boxes: [[1, 2, 3]] } },
      },
    ],
    [
      "a speaker to detect in a picture",
      422,
      "generation_input_face_selection_invalid",
      { model: "sync-3", input: [image, audio], options: { active_speaker_detection: { auto_detect: true } } },
    ],
    [
      "a speaker to detect in a picture, in a segment",
      422,
      "generation_input_face_selection_invalid",
      {
        model: "sync-3",
        input: [image, { ...audio, refId: "a" }],
        segments: [
          {
            startTime: 0,
            endTime: 1,
            audioInput: { refId: "a" },
            optionsOverride: { active_speaker_detection: { auto_detect: true } },
          },
        ],
      },
    ],
  ])("a create answers %s with %d %s", async (_what, status, code, change) => {
    const world = await buildTestWorld();
    const response = await post(world, "/v2/generate", { ...lipsync, ...change });
    expect(response.statusCode, response.body).toBe(status);
    expect(response.json()).toMatchObject({ statusCode: status, errorCode: code });
    expect(world.sandbox.generations.count({})).toBe(0);
  });

  it("a former model name is a model only in the vintage that had it, and is repeated as sent", async () => {
    const world = await buildTestWorld();
    const former = { ...lipsync, model: "sync-2" };
    const created = await post(world, "/v2/generate", former);
    expect([created.statusCode, created.json()]).toMatchObject([201, { model: "sync-2" }]);
    const estimate = { model: "sync-2", duration: 10, fps: 25 };
    expect((await post(world, "/v2/generate/estimate-cost", estimate)).json()).toMatchObject({
      estimatedGenerationCost: 0.5,
    });
    expect((await get(world, "/v2/models")).body).not.toContain('"sync-2"');
    world.sandbox.saveSettings(sandboxSettings.parse({ vintages: { sync: "2026-11" } }));
    expect((await post(world, "/v2/generate", former)).json()).toMatchObject({
      statusCode: 400,
      errorCode: "generation_unsupported_model",
    });
  });

  it("a picture may be used with auto_detect switched off, and options that the docs only mention are kept", async () => {
    const options = {
      reasoning_enabled: true,
      temperature: null,
      active_speaker_detection: { auto_detect: false, use_v2: true, face_image: "https://media.test/me.png" },
    };
    const body = { model: "sync-3", input: [image, audio], options };
    const response = await post(await buildTestWorld(), "/v2/generate", body);
    expect([response.statusCode, response.json()]).toMatchObject([201, { options }]);
  });

  it.each([
    ["my take (final).mp4", "my_take_finalmp4"],
    ["a_b-C9", "a_b-C9"],
    ["héllo wörld", "hllo_wrld"],
    ["../../etc/passwd", "etcpasswd"],
    ["???", null],
    ["", null],
  ])("a generation shows the file name %j as %j", async (outputFileName, shown) => {
    const response = await post(await buildTestWorld(), "/v2/generate", { ...lipsync, outputFileName });
    expect(response.json()).toMatchObject({ outputFileName: shown });
  });

  it("a generation uses the organisation's assets by their kind and length", async () => {
    const world = await buildTestWorld();
    addAsset(world, assetId, { type: "VIDEO", durationSeconds: 9.98, width: 640, height: 1138 });
    const input = [{ type: "video", assetId }, audio];
    const { id } = (await post(world, "/v2/generate", { ...lipsync, input })).json<Json>();
    await world.advance("2s");
    expect((await readGeneration(world, String(id))).json()).toMatchObject({ input, outputDuration: 9.98 });
    const mismatch = await post(world, "/v2/generate", { ...lipsync, input: [video, { type: "audio", assetId }] });
    expect(mismatch.json()).toMatchObject({ errorCode: "generation_input_asset_type_mismatch", statusCode: 422 });
  });

  it("a create refuses another organisation's asset", async () => {
    const world = await buildTestWorld();
    addAsset(world, assetId, { type: "VIDEO" }, "other");
    const response = await post(world, "/v2/generate", { ...lipsync, input: [{ type: "video", assetId }, audio] });
    expect(response.statusCode).toBe(404);
  });

  it("a create with react-1 refuses an input that is known to be too long", async () => {
    const world = await buildTestWorld();
    addAsset(world, assetId, { type: "VIDEO", durationSeconds: 16 });
    const response = await post(world, "/v2/generate", {
      model: "react-1",
      input: [{ type: "video", assetId }, audio],
    });
    expect(response.json()).toMatchObject({ statusCode: 422, errorCode: "generation_model_duration_exceeded" });
  });
});

describe("the outputs of a completed generation", () => {
  it("only a segment job has a segment file", async () => {
    const world = await buildTestWorld();
    const body = { ...lipsync, input: [video, { ...audio, refId: "a" }], segments: [segment] };
    const { id } = (await post(world, "/v2/generate", body)).json<Json>();
    await world.advance("2s");
    const done = (await readGeneration(world, String(id))).json();
    expect(done.segments).toEqual([segment]);
    const url = new URL(String(done.segmentOutputUrl));
    const file = await world.app.inject({ method: "GET", url: url.pathname });
    expect(file.headers["content-type"]).toBe("video/mp4");
  });

  it("only a completed job with a text input has synthesized audio", async () => {
    const world = await buildTestWorld();
    const created = (await post(world, "/v2/generate", { ...lipsync, input: [video, text] })).json<Json>();
    expect(created).not.toHaveProperty("synthesizedAudioUrl");
    await world.advance("2s");
    const done = (await readGeneration(world, String(created.id))).json();
    const file = await world.app.inject({ method: "GET", url: new URL(String(done.synthesizedAudioUrl)).pathname });
    expect(file.headers["content-type"]).toBe("audio/mpeg");
  });
});
