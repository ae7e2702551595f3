/** Tests sync's transcriptions and the analysis of their speakers. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { renderMedia } from "../../../../src/media/encode/render.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { control } from "../../../support/control.ts";
import { fetchFile } from "../../../support/requests.ts";
import { get, idOf, post, uploadFile } from "../../../support/sync.ts";

const sourceVideoUrl = "https://assets.sync.so/docs/example-video.mp4";

interface Word {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly speakerId: string;
}

interface Transcription {
  readonly id: string;
  readonly status: string;
  readonly revision: string;
  readonly speakerCount: number;
  readonly transcript: { readonly segments: readonly { readonly words: readonly Word[] }[] };
}

const start = (world: TestWorld, body: object = { sourceVideoUrl }, account = "main") =>
  post(world, "/v2/transcriptions", body, { account });

const read = async (world: TestWorld, id: string): Promise<Transcription> =>
  (await get(world, `/v2/transcriptions/${id}`)).json();

/** Starts a transcription, lets it end and reads it. */
async function transcribed(world: TestWorld, body: object = { sourceVideoUrl }): Promise<Transcription> {
  const id = idOf(await start(world, body));
  await world.advance("1m");
  return read(world, id);
}

const wordsOf = ({ transcript }: Transcription): Word[] => transcript.segments.flatMap(({ words }) => words);

describe("sync's transcriptions", () => {
  it.each(["2026-06", "2026-11"])(
    "in %s, a transcription goes through its statuses to a transcript",
    async (vintage) => {
      const world = await buildTestWorld();
      world.sandbox.saveSettings(sandboxSettings.parse({ vintages: { sync: vintage } }));
      const created = await start(world);
      expect([created.statusCode, created.json()]).toMatchObject([201, { status: "PENDING", transcript: null }]);
      const id = idOf(created);
      const seen = [];
      for (const by of ["1s", "1s", "1m"]) {
        await world.advance(by);
        seen.push((await read(world, id)).status);
      }
      expect(seen).toEqual(["PROCESSING", "COMPLETED", "COMPLETED"]);
      const done = await read(world, id);
      expect(done).toMatchObject({
        speakerCount: 1,
        revision: expect.any(String) as string,
        error: null,
        sourceVideoUrl,
      });
      const words = wordsOf(done);
      expect(words.length).toBeGreaterThan(10);
      expect(new Set(words.map((word) => word.id)).size).toBe(words.length);
    },
  );

  it("the same source and window answer the same job, and another window or organisation a new one", async () => {
    const world = await buildTestWorld();
    const first = idOf(await start(world));
    await world.advance("1m");
    const again = await start(world);
    expect([again.statusCode, again.json()]).toMatchObject([201, { id: first, status: "COMPLETED" }]);
    const unset = { sourceAudioUrl: null, projectId: null, maxSourceSeconds: null, startMs: null, endMs: null };
    expect(idOf(await start(world, { sourceVideoUrl, ...unset }))).toBe(first);
    expect((await start(world, { ...unset, sourceVideoUrl: null })).statusCode).toBe(400);
    expect(idOf(await start(world, { sourceVideoUrl, startMs: 1000, endMs: 4000 }))).not.toBe(first);
    expect(idOf(await start(world, { sourceVideoUrl }, "other"))).not.toBe(first);
  });

  it("a failed job is not answered again", async () => {
    const world = await buildTestWorld();
    const body = { sourceVideoUrl: "https://assets.sync.so/fauxgen:fail=NO_AUDIO.mp4" };
    const failed = await transcribed(world, body);
    expect(failed).toMatchObject({ status: "FAILED", error: { code: "NO_AUDIO" }, transcript: null, revision: null });
    expect(idOf(await start(world, body))).not.toBe(failed.id);
  });

  it("the words of a window lie in it, and their times count from the start of the source", async () => {
    const world = await buildTestWorld();
    const words = wordsOf(await transcribed(world, { sourceVideoUrl, startMs: 2000, endMs: 5000 }));
    expect(words[0]?.startMs).toBe(2000);
    expect(words.at(-1)?.endMs).toBeLessThanOrEqual(5000);
  });

  it("an uploaded source has its own length, and fails if it is too long or a picture", async () => {
    const world = await buildTestWorld();
    const upload = (format: "wav" | "png", contentType: string) =>
      uploadFile(world, renderMedia({ format, width: 64, height: 48, durationSeconds: 4, title: "t", seed: "t" }), {
        fileName: `s.${format}`,
        contentType,
      });
    const sound = await upload("wav", "audio/wav");
    const short = await transcribed(world, { sourceAudioUrl: sound });
    expect(short).toMatchObject({ status: "COMPLETED", sourceVideoUrl: null });
    expect(wordsOf(short).at(-1)?.endMs).toBeLessThanOrEqual(4000);
    expect(await transcribed(world, { sourceAudioUrl: sound, startMs: 1, maxSourceSeconds: 2 })).toMatchObject({
      status: "FAILED",
      error: { code: "SOURCE_TOO_LONG" },
    });
    expect(await transcribed(world, { sourceVideoUrl: await upload("png", "image/png") })).toMatchObject({
      error: { code: "NO_AUDIO_TRACK" },
    });
  });

  it.each([
    ["no source", {}, 400],
    ["two sources", { sourceVideoUrl, sourceAudioUrl: sourceVideoUrl }, 400],
    ["a window that ends before it starts", { sourceVideoUrl, startMs: 5, endMs: 5 }, 400],
    ["a file elsewhere", { sourceVideoUrl: "https://media.test/face.mp4" }, 422],
    ["an unknown project", { sourceVideoUrl, projectId: "00000000-0000-4000-8000-000000000000" }, 422],
  ])("%s is refused", async (_what, body, status) => {
    const world = await buildTestWorld();
    expect((await start(world, body)).statusCode).toBe(status);
    expect(world.sandbox.generations.count({})).toBe(0);
  });

  it("a malformed id is a 400, another organisation's a 404, and a generation's id is not a transcription's", async () => {
    const world = await buildTestWorld();
    const id = idOf(await start(world));
    const statusOf = async (path: string, account = "main") => (await get(world, path, { account })).statusCode;
    expect(await statusOf("/v2/transcriptions/42")).toBe(400);
    expect(await statusOf(`/v2/transcriptions/${id}`, "other")).toBe(404);
    expect(await statusOf(`/v2/generate/${id}`)).toBe(404);
  });

  it("a test holds a transcription and its analysis while they run, and releases them", async () => {
    const world = await buildTestWorld();
    const id = idOf(await start(world));
    await world.advance("1s");
    const steer = async (job: string, action: "hold" | "release") =>
      (await control(world.app, "POST", `sandboxes/world/generations/${job}/${action}`)).status;
    expect(await steer(id, "hold")).toBe(200);
    await world.advance("1h");
    expect(await read(world, id)).toMatchObject({ status: "PROCESSING", transcript: null });
    expect((await get(world, `/v2/transcriptions/${id}/speaker-analysis`)).statusCode).toBe(409);
    expect(await steer(id, "release")).toBe(200);
    await world.advance("1m");
    const { status, revision } = await read(world, id);
    expect(status).toBe("COMPLETED");

    const analysisPath = `/v2/transcriptions/${id}/speaker-analysis`;
    expect((await post(world, analysisPath, { revision, sourceVideoUrl })).statusCode).toBe(201);
    const [analysis] = world.sandbox.generations.list({ vendor: "sync" }, { order: "newest", limit: 1 });
    expect(await steer(analysis?.id ?? "", "hold")).toBe(200);
    await world.advance("1h");
    expect((await get(world, analysisPath)).json()).toMatchObject({ status: "processing", speakers: [] });
    expect(await steer(analysis?.id ?? "", "release")).toBe(200);
    await world.advance("1m");
    expect((await get(world, analysisPath)).json()).toMatchObject({ status: "completed" });
  });

  it("control lists and fails a transcription like every job", async () => {
    const world = await buildTestWorld();
    const id = idOf(await start(world));
    const listed = await control(world.app, "GET", "sandboxes/world/generations");
    expect(listed.text).toContain(id);
    await control(world.app, "POST", `sandboxes/world/generations/${id}/fail`, { code: "NO_AUDIO" });
    expect(await read(world, id)).toMatchObject({ status: "FAILED", error: { code: "NO_AUDIO" } });
  });

  it("a rule names a transcription's failure, and no webhook is sent", async () => {
    const world = await buildTestWorld();
    world.sandbox.rules.add({ when: { operation: "createTranscription" }, scenario: "fail=NO_AUDIO_TRACK" }, "control");
    expect(await transcribed(world)).toMatchObject({ status: "FAILED", error: { code: "NO_AUDIO_TRACK" } });
    expect(world.app.outbox.list(world.sandbox)).toEqual([]);
  });
});

describe("the analysis of speakers", () => {
  const ask = (world: TestWorld, { id, revision }: Transcription, more: object = {}) =>
    post(world, `/v2/transcriptions/${id}/speaker-analysis`, { revision, sourceVideoUrl, ...more });
  const readAnalysis = (world: TestWorld, { id }: Transcription) =>
    get(world, `/v2/transcriptions/${id}/speaker-analysis`);

  it("an analysis is asked for, runs and matches each speaker to public files", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ vendors: { sync: { speakers: 2 } } }));
    const done = await transcribed(world);
    expect(done.speakerCount).toBe(2);
    expect((await readAnalysis(world, done)).json()).toMatchObject({ status: "unavailable", reason: "not_requested" });
    const asked = await ask(world, done);
    expect([asked.statusCode, asked.json()]).toMatchObject([201, { status: "processing", speakers: [] }]);
    await world.advance("1h");
    const { status, speakers } = (await readAnalysis(world, done)).json<{
      status: string;
      speakers: { speakerId: string; avatar: { url: string }; faceTrack: { url: string } }[];
    }>();
    expect([status, speakers.map(({ speakerId }) => speakerId)]).toEqual(["completed", ["speaker_1", "speaker_2"]]);
    for (const { avatar, faceTrack } of speakers) {
      expect((await fetchFile(world, avatar.url)).headers["content-type"]).toBe("image/jpeg");
      const track = (await fetchFile(world, faceTrack.url)).json<{ frames: number[][] }>();
      expect(track.frames).toHaveLength(250);
      expect((await fetchFile(world, faceTrack.url.replace(/token=[^&]+/, "token=x"))).statusCode).toBe(404);
    }
    expect((await ask(world, done, { retry: true })).json()).toMatchObject({ status: "completed" });
  });

  it("a failed analysis is retried on request, three times in all", async () => {
    const world = await buildTestWorld();
    const done = await transcribed(world);
    const failing = { note: "fauxgen:fail=analysis_timeout" };
    await ask(world, done, failing);
    await world.advance("1h");
    expect((await ask(world, done)).json()).toMatchObject({ status: "unavailable", reason: "analysis_timeout" });
    for (let retried = 0; retried < 2; retried += 1) {
      expect((await ask(world, done, { ...failing, retry: true })).json()).toMatchObject({ status: "processing" });
      await world.advance("1h");
    }
    expect((await ask(world, done, { retry: true })).json()).toMatchObject({ reason: "retry_limit" });
  });

  it.each([
    ["a stale revision", { revision: "old" }, 409],
    ["another video", { sourceVideoUrl: "https://assets.sync.so/other.mp4" }, 422],
    ["no revision", { revision: undefined }, 400],
  ])("%s is refused", async (_what, change, status) => {
    const world = await buildTestWorld();
    expect((await ask(world, await transcribed(world), change)).statusCode).toBe(status);
  });

  it("sound alone, long windows and many speakers are never analysed", async () => {
    const world = await buildTestWorld();
    const sound = await transcribed(world, { sourceAudioUrl: sourceVideoUrl });
    expect((await ask(world, sound)).json()).toMatchObject({ reason: "source_binding_unavailable" });
    world.sandbox.saveSettings(sandboxSettings.parse({ vendors: { sync: { speakers: 9 } } }));
    const crowd = await transcribed(world);
    expect((await ask(world, crowd)).json()).toMatchObject({ reason: "too_many_speakers" });
  });

  it("a transcription that runs has no analysis yet", async () => {
    const world = await buildTestWorld();
    const running = await read(world, idOf(await start(world)));
    expect((await readAnalysis(world, running)).statusCode).toBe(409);
    expect((await ask(world, { ...running, revision: "any" })).statusCode).toBe(409);
  });
});
