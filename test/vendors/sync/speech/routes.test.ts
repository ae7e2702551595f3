/** Tests sync's speech, at once and as a job. */
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

describe("sync's speech", () => {
  it("speech is ready at once as a sound of the stated length, even on a frozen clock", async () => {
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
    ["a word that is not an id", "nope", 422],
    ["an unknown clone", "550e8400-e29b-41d4-a716-446655440000", 422],
  ])("speech with %s gets the same status on every route that makes speech", async (_what, voiceId, status) => {
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

  it("a speech job shows its status, and has a Retry-After until it has ended", async () => {
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

  it("a speech job can fail with any code of the catalogue, and shows the code's text", async () => {
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

  it("one Idempotency-Key creates one speech job", async () => {
    const world = await buildTestWorld();
    const headers = { "idempotency-key": "speech-1" };
    const first = (await post(world, "/v2/tts/jobs", speech, { headers })).json<Job>();
    await world.advance("10s");
    const replayed = await post(world, "/v2/tts/jobs", speech, { headers });
    expect([replayed.statusCode, replayed.json()]).toMatchObject([202, { id: first.id, status: "SUCCESS" }]);
    expect((await post(world, "/v2/tts/jobs", { ...speech, script: "Other." }, { headers })).statusCode).toBe(409);
  });

  it("reads of a speech job advance it if reads decide", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ progression: { polls: 1 } }));
    const { id } = (await post(world, "/v2/tts/jobs", speech)).json<Job>();
    const statuses = [];
    for (let asked = 0; asked < 3; asked += 1)
      statuses.push((await get(world, `/v2/tts/jobs/${id}`)).json<Job>().status);
    expect(statuses).toEqual(["PENDING", "PROCESSING", "SUCCESS"]);
  });

  it("speech is not listed, read or counted as a generation", async () => {
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
