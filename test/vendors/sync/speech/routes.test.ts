import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { sync } from "../../../../src/vendors/sync/index.ts";
import { buildTestWorld } from "../../../support/app.ts";
import { get, lipsync, post } from "../../../support/sync.ts";
import { fetchFile } from "../../../support/requests.ts";

interface Job {
  readonly id: string;
  readonly status: string;
  readonly url: string | null;
}

const speech = { script: "x".repeat(150), voiceId: "EXAVITQu4vr4xnSDxMaL" };

describe("speech of sync", () => {
  it("is there at once, as a sound of the length that was said, also on a clock that stands still", async () => {
    const world = await buildTestWorld();
    const response = await post(world, "/v2/tts", speech);
    const made = response.json<{ url: string; duration: number }>();
    expect([response.statusCode, made.duration]).toEqual([200, 10]);
    const file = await fetchFile(world, made.url);
    expect([file.statusCode, file.headers["content-type"]]).toEqual([200, "audio/mpeg"]);
  });

  it.each([
    ["a listed voice", "pNInz6obpgDQGcFmaJgB", 200],
    ["any other id of ElevenLabs' form", "21m00Tcm4TlvDq8ikWAM", 200],
    ["a word that is no id", "nope", 422],
    ["a clone that there is not", "550e8400-e29b-41d4-a716-446655440000", 422],
  ])("with %s is answered as it is on every route that makes some", async (_what, voiceId, status) => {
    const world = await buildTestWorld();
    const text = { type: "text", provider: { name: "elevenlabs", voiceId, script: "Hello." } };
    const answers = [
      await post(world, "/v2/tts", { ...speech, voiceId }),
      await post(world, "/v2/tts/jobs", { ...speech, voiceId }),
      await post(world, "/v2/generate", { ...lipsync, input: [lipsync.input[0], text] }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(status === 200 ? [200, 202, 201] : [422, 422, 422]);
    if (status === 422)
      for (const answer of answers) expect(answer.json()).toMatchObject({ errorCode: "voice_not_found" });
  });

  it("as a job tells where it is, and how soon to ask again until it has ended", async () => {
    const world = await buildTestWorld();
    const started = await post(world, "/v2/tts/jobs", speech);
    const { id } = started.json<Job>();
    expect([started.statusCode, started.headers.location]).toEqual([202, `/v2/tts/jobs/${id}`]);
    const seen: unknown[] = [];
    for (const by of ["0ms", "1s", "10s"]) {
      await world.advance(by);
      const response = await get(world, `/v2/tts/jobs/${id}`);
      seen.push([response.json<Job>().status, response.headers["retry-after"]]);
    }
    expect(seen).toEqual([
      ["PENDING", "3"],
      ["PROCESSING", "3"],
      ["SUCCESS", undefined],
    ]);
    const done = (await get(world, `/v2/tts/jobs/${id}`)).json<Job>();
    expect((await fetchFile(world, done.url ?? "")).statusCode).toBe(200);
  });

  it("as a job fails with any code of the catalogue, and says it in words", async () => {
    const world = await buildTestWorld();
    const script = "fauxgen:fail=elevenlabs_quota_exceeded Hello.";
    const { id } = (await post(world, "/v2/tts/jobs", { ...speech, script })).json<Job>();
    await world.advance("10s");
    expect((await get(world, `/v2/tts/jobs/${id}`)).json()).toMatchObject({
      status: "FAILED",
      url: null,
      error: "The ElevenLabs quota has been used up.",
    });
  });

  it("as a job is made once for each Idempotency-Key", async () => {
    const world = await buildTestWorld();
    const headers = { "idempotency-key": "speech-1" };
    const first = (await post(world, "/v2/tts/jobs", speech, { headers })).json<Job>();
    await world.advance("10s");
    const replayed = await post(world, "/v2/tts/jobs", speech, { headers });
    expect([replayed.statusCode, replayed.json()]).toMatchObject([202, { id: first.id, status: "SUCCESS" }]);
    expect((await post(world, "/v2/tts/jobs", { ...speech, script: "Other." }, { headers })).statusCode).toBe(409);
  });

  it("moves on with the reads of a job where reads decide", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ progression: { polls: 1 } }));
    const { id } = (await post(world, "/v2/tts/jobs", speech)).json<Job>();
    const statuses = [];
    for (let asked = 0; asked < 3; asked += 1)
      statuses.push((await get(world, `/v2/tts/jobs/${id}`)).json<Job>().status);
    expect(statuses).toEqual(["PENDING", "PROCESSING", "SUCCESS"]);
  });

  it("is no generation: neither listed, nor read, nor counted as one", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ limits: "enforced" }));
    const { id } = (await post(world, "/v2/tts/jobs", speech)).json<Job>();
    expect((await get(world, "/v2/generations")).json()).toEqual([]);
    expect((await get(world, `/v2/generate/${id}`)).statusCode).toBe(404);
    const account = { headers: {}, method: "POST", url: "/v2/generate", body: lipsync } as const;
    await post(world, "/v2/tts/jobs", speech, { account: "limited" });
    expect((await world.send(sync, "limited", account)).statusCode).toBe(201);
  });
});
