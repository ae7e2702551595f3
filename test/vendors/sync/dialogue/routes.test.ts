/** Tests sync's dialogue edits, from the transcription of a video to the video of its edited words. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { renderMedia } from "../../../../src/media/encode/render.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { control } from "../../../support/control.ts";
import { fetchFile } from "../../../support/requests.ts";
import { batchRows, get, idOf, lipsync, post, uploadFile } from "../../../support/sync.ts";

const sourceVideoUrl = "https://assets.sync.so/docs/example-video.mp4";
const word = (id: string, text: string, startMs: number, endMs: number) => ({ id, text, startMs, endMs });
const transcript = {
  segments: [
    {
      id: "s1",
      words: [
        word("w1", "Hello", 0, 500),
        word("w2", "world", 600, 1000),
        word("w3", "today", 1100, 1600),
        word("w4", "friends", 1700, 2000),
      ],
    },
  ],
};
const change = { kind: "change", wordId: "w1", replacement: "Hi" };
const body = { sourceVideoUrl, transcript, edits: [change] };

const start = (world: TestWorld, more: object = {}, account = "main") =>
  post(world, "/v2/dialogue-edits", { ...body, ...more }, { account });

const read = async (world: TestWorld, id: string) =>
  (await get(world, `/v2/dialogue-edits/${id}`)).json<Record<string, unknown>>();

/** Starts an edit, lets it end and reads it. */
async function edited(world: TestWorld, more: object = {}): Promise<Record<string, unknown> & { id: string }> {
  const id = idOf(await start(world, more));
  await world.advance("1m");
  return { ...(await read(world, id)), id };
}

const withSetting = async (dialogueEdits: string): Promise<TestWorld> => {
  const world = await buildTestWorld();
  world.sandbox.saveSettings(sandboxSettings.parse({ vendors: { sync: { dialogueEdits } } }));
  return world;
};

describe("sync's dialogue edits", () => {
  it.each(["2026-06", "2026-11"])(
    "in %s, an edit goes through its statuses to a preview that can be heard",
    async (vintage) => {
      const world = await buildTestWorld();
      world.sandbox.saveSettings(sandboxSettings.parse({ vintages: { sync: vintage } }));
      const created = await start(world);
      expect([created.statusCode, created.json()]).toMatchObject([201, { status: "PENDING", previewAudioUrl: null }]);
      const seen = [];
      for (const by of ["1s", "1m"]) {
        await world.advance(by);
        seen.push((await read(world, idOf(created))).status);
      }
      expect(seen).toEqual(["PROCESSING", "COMPLETED"]);
      const done = await read(world, idOf(created));
      expect(done).toMatchObject({
        sourceVideoUrl,
        edits: [change],
        sourceTranscript: transcript,
        partialDetail: null,
      });
      const file = await fetchFile(world, String(done.previewAudioUrl));
      expect([file.statusCode, file.headers["content-type"]]).toEqual([200, "audio/wav"]);
    },
  );

  it("changed and removed words are moved, and every later word with them", async () => {
    const world = await buildTestWorld();
    const edits = [change, { kind: "remove", wordIds: ["w2"] }];
    expect(await edited(world, { edits })).toMatchObject({
      resultTranscript: {
        segments: [
          {
            words: [
              { id: "w1", text: "Hi", startMs: 0, endMs: 130 },
              { id: "w3", startMs: 330, endMs: 830 },
              { id: "w4", startMs: 930, endMs: 1230 },
            ],
          },
        ],
      },
      resultSlots: [
        { kind: "change", outputStartMs: 0, outputDurationMs: 130, sourceStartMs: 0, sourceDurationMs: 500 },
        { kind: "remove", outputStartMs: 230, outputDurationMs: 0, sourceStartMs: 600, sourceDurationMs: 400 },
      ],
      previewDurationMs: 1230,
    });
  });

  it.each([
    ["no edits", { edits: [] }],
    ["an unknown word", { edits: [{ ...change, wordId: "w9" }] }],
    ["an empty replacement", { edits: [{ ...change, replacement: " " }] }],
    ["words that do not follow each other", { edits: [{ kind: "remove", wordIds: ["w1", "w3"] }] }],
    ["a word that is edited twice", { edits: [change, { kind: "remove", wordIds: ["w1"] }] }],
    ["an unknown kind", { edits: [{ kind: "insert", wordId: "w1" }] }],
    ["no transcript", { transcript: undefined }],
  ])("%s are refused before a job exists", async (_what, more) => {
    const world = await buildTestWorld();
    expect((await start(world, more)).statusCode).toBe(400);
    expect(world.sandbox.generations.count({})).toBe(0);
  });

  it.each([
    ["previews", 201, undefined],
    ["all", 201, undefined],
    ["none", 422, "dialogue_edit_retime_required"],
    ["unreadable", 503, "generation_infra_service_unavailable"],
  ])("with the rollout %s, a key's edit is answered %d", async (rollout, status, errorCode) => {
    const response = await start(await withSetting(rollout));
    expect(response.statusCode).toBe(status);
    if (errorCode !== undefined) expect(response.json()).toMatchObject({ errorCode });
  });

  it("a window and a source of two speakers are not supported", async () => {
    const world = await buildTestWorld();
    const unsupported = { statusCode: 422, errorCode: "dialogue_edit_unsupported" };
    expect((await start(world, { startMs: 0, endMs: 900 })).json()).toMatchObject(unsupported);
    const [segment] = transcript.segments;
    const words = segment?.words.map((each, index) => ({ ...each, speakerId: `speaker_${index}` }));
    expect((await start(world, { transcript: { segments: [{ id: "s1", words }] } })).json()).toMatchObject(unsupported);
  });

  it("a scenario makes an edit partial, and control and rules make it fail", async () => {
    const world = await buildTestWorld();
    const partly = { sourceVideoUrl: "https://assets.sync.so/fauxgen:partial.mp4" };
    expect(await edited(world, partly)).toMatchObject({
      status: "COMPLETED_PARTIAL",
      partialDetail: { failedSlots: [0] },
      previewAudioUrl: expect.stringContaining(".wav") as string,
    });
    const id = idOf(await start(world));
    await control(world.app, "POST", `sandboxes/world/generations/${id}/fail`, { code: "VOICE_BLOCKED" });
    expect(await read(world, id)).toMatchObject({ status: "FAILED", error: { code: "VOICE_BLOCKED" } });
    expect(await edited(world, { edits: [{ ...change, replacement: "a".repeat(201) }] })).toMatchObject({
      status: "FAILED",
      error: { code: "EDIT_TOO_LONG", spanText: "a".repeat(201), wordIds: ["w1"] },
    });
  });

  it("a test holds an edit while it runs, and releases it", async () => {
    const world = await buildTestWorld();
    const id = idOf(await start(world));
    const path = `sandboxes/world/generations/${id}`;
    await world.advance("1s");
    expect((await control(world.app, "POST", `${path}/hold`)).status).toBe(200);
    await world.advance("1h");
    expect(await read(world, id)).toMatchObject({ status: "PROCESSING", previewAudioUrl: null });
    expect((await control(world.app, "POST", `${path}/release`)).status).toBe(200);
    await world.advance("1m");
    expect(await read(world, id)).toMatchObject({ status: "COMPLETED", resultSlots: [{ kind: "change" }] });
  });
});

describe("the video of a dialogue edit", () => {
  const video = { type: "video", url: sourceVideoUrl };
  const ofEdit = (id: string) => ({ model: "sync-3", input: [video], dialogueEdit: { id } });

  it("a key is refused, unless the sandbox's rollout has it", async () => {
    const world = await buildTestWorld();
    const { id } = await edited(world);
    expect((await post(world, "/v2/generate", ofEdit(id))).json()).toMatchObject({
      statusCode: 422,
      errorCode: "dialogue_edit_retime_required",
    });
    const open = await withSetting("all");
    const preview = await edited(open);
    const created = await post(open, "/v2/generate", ofEdit(preview.id));
    expect([created.statusCode, created.json()]).toMatchObject([201, { status: "PENDING", input: [video] }]);
    await open.advance("1m");
    expect((await get(open, `/v2/generate/${idOf(created)}`)).json()).toMatchObject({
      status: "COMPLETED",
      outputDuration: Number(preview.previewDurationMs) / 1000,
    });
  });

  it("the tool server's login makes and estimates it, and the estimate is one object", async () => {
    const world = await buildTestWorld();
    const { id } = await edited(world);
    const login = { account: null, headers: { authorization: "Bearer fx_world_main", "x-sync-source": "mcp:claude" } };
    const estimate = await post(world, "/v2/analyze/cost", ofEdit(id), login);
    expect([estimate.statusCode, estimate.json()]).toMatchObject([200, { estimatedCredits: null }]);
    expect((await post(world, "/v2/generate", ofEdit(id), login)).statusCode).toBe(201);
  });

  it.each([
    [
      "another video than the edit's source",
      { input: [{ ...video, url: "https://assets.sync.so/docs/another-video.mp4" }] },
      "generation_input_validation_failed",
    ],
    ["an audio item beside it", { input: [...lipsync.input] }, "generation_input_validation_failed"],
    ["a picture instead of the video", { input: [{ ...video, type: "image" }] }, "generation_input_validation_failed"],
    ["an unknown edit", { dialogueEdit: { id: "00000000-0000-4000-8000-000000000000" } }, "dialogue_edit_not_found"],
  ])("%s is refused", async (_what, more, errorCode) => {
    const world = await withSetting("all");
    const { id } = await edited(world);
    expect((await post(world, "/v2/generate", { ...ofEdit(id), ...more })).json()).toMatchObject({
      statusCode: 422,
      errorCode,
    });
  });

  it("an edit that has no preview yet, or removes too much, is refused", async () => {
    const world = await withSetting("all");
    const running = idOf(await start(world));
    expect((await post(world, "/v2/generate", ofEdit(running))).json()).toMatchObject({
      errorCode: "dialogue_edit_not_found",
    });
    const { id } = await edited(world, { edits: [{ kind: "remove", wordIds: ["w1", "w2", "w3"] }] });
    expect((await post(world, "/v2/generate", ofEdit(id))).json()).toMatchObject({
      statusCode: 422,
      errorCode: "dialogue_edit_removal_too_large",
      dialogueEditSection: { startMs: 0, endMs: 1600 },
    });
  });

  it("an uploaded source is known by its URL and by its asset", async () => {
    const world = await withSetting("all");
    const clip = renderMedia({ format: "mp4", width: 64, height: 48, durationSeconds: 4, title: "t", seed: "t" });
    const upload = async () => {
      const url = await uploadFile(world, clip, { fileName: "clip.mp4", contentType: "video/mp4" });
      return { url, assetId: idOf(await post(world, "/v2/assets", { url, type: "VIDEO" })) };
    };
    const [{ url, assetId }, other] = [await upload(), await upload()];
    const { id } = await edited(world, { sourceVideoUrl: url });
    const statusOf = async (item: object) =>
      (await post(world, "/v2/generate", { ...ofEdit(id), input: [{ type: "video", ...item }] })).statusCode;
    expect(await statusOf({ url })).toBe(201);
    expect(await statusOf({ assetId })).toBe(201);
    expect([await statusOf({ url: other.url }), await statusOf({ assetId: other.assetId })]).toEqual([422, 422]);
  });

  it("the edits of a batch have one source, and the row with another names its line", async () => {
    const world = await withSetting("all");
    const otherUrl = "https://assets.sync.so/docs/another-video.mp4";
    const [first, other] = [await edited(world), await edited(world, { sourceVideoUrl: otherUrl })];
    const ofOther = { ...ofEdit(other.id), input: [{ ...video, url: otherUrl }] };
    const send = (...special: readonly object[]) => post(world, "/v2/batch", { rows: batchRows(20, ...special) });
    expect((await send(ofEdit(first.id), ofEdit(first.id))).statusCode).toBe(201);
    expect((await send(ofEdit(first.id), lipsync, ofOther)).json()).toMatchObject({
      statusCode: 422,
      errorCode: "dialogue_edit_unsupported",
      message: expect.stringMatching(/^Row 3 \(request_id row-2\): /) as string,
      lineNumber: 3,
    });
    expect((await send(lipsync, { ...ofEdit(first.id), input: ofOther.input })).json()).toMatchObject({
      statusCode: 422,
      errorCode: "generation_input_validation_failed",
      lineNumber: 2,
    });
  });

  it("a row of a batch with a refused edit names its line", async () => {
    const world = await buildTestWorld();
    const { id } = await edited(world);
    const rows = batchRows(20, lipsync, ofEdit(id));
    expect((await post(world, "/v2/batch", { rows })).json()).toMatchObject({
      statusCode: 422,
      errorCode: "dialogue_edit_retime_required",
      lineNumber: 2,
    });
  });
});
