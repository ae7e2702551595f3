/** Tests sync's cloned voices and their limits. */
import { describe, expect, it } from "vitest";
import { renderMedia } from "../../../../src/media/encode/render.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { folderOf } from "../../../support/folder.ts";
import { get, post, postGeneration, remove, uploadFile, video } from "../../../support/sync.ts";

interface Voice {
  readonly id: string;
  readonly voiceId: string;
  readonly name: string;
  readonly previewUrl?: string;
}

/** Uploads a sound of this length and returns its URL. */
async function uploadSound(world: TestWorld, durationSeconds: number): Promise<string> {
  const bytes = renderMedia({ format: "wav", width: 0, height: 0, durationSeconds, title: "v", seed: "v" });
  return uploadFile(world, bytes, { fileName: "voice.wav", contentType: "audio/wav" });
}

const voicesOf = async (world: TestWorld, account = "main") =>
  (await get(world, "/v2/voices", { account })).json<Voice[]>();

describe("sync's cloned voices", () => {
  it("a cloned voice is listed after the built-in ones, can speak, and has a preview", async () => {
    const world = await buildTestWorld();
    const builtIn = await voicesOf(world);
    const url = await uploadSound(world, 5);
    const response = await post(world, "/v2/voices", { provider: "elevenlabs", name: "Narrator", url });
    const clone = response.json<Voice>();
    expect([response.statusCode, clone]).toMatchObject([201, { name: "Narrator", previewUrl: url }]);
    expect(await voicesOf(world)).toEqual([...builtIn, clone]);
    expect(await voicesOf(world, "other")).toEqual(builtIn);
    const speech = { script: "Hello.", voiceId: clone.id };
    expect((await post(world, "/v2/tts", speech)).statusCode).toBe(200);
    expect((await post(world, "/v2/tts", speech, { account: "other" })).json()).toMatchObject({
      statusCode: 422,
      errorCode: "voice_not_found",
    });
    const removed = await remove(world, `/v2/voices/${clone.id}`);
    expect(removed.json()).toBe(true);
    expect((await post(world, "/v2/tts", speech)).json()).toMatchObject({ errorCode: "voice_not_found" });
  });

  it("an asset can be cloned, unless it is too short, an image or hosted elsewhere", async () => {
    const world = await buildTestWorld();
    const assetOf = async (url: string, type: string) =>
      (await post(world, "/v2/assets", { url, type })).json<{ id: string }>().id;
    const cloneOf = async (name: string, assetId: string) =>
      (await post(world, "/v2/voices", { provider: "elevenlabs", name, assetId })).json<Record<string, unknown>>();
    expect(await cloneOf("Long", await assetOf(await uploadSound(world, 5), "AUDIO"))).toMatchObject({ name: "Long" });
    expect(await cloneOf("Short", await assetOf(await uploadSound(world, 0.5), "AUDIO"))).toMatchObject({
      errorCode: "voice_sample_too_short",
    });
    expect(await cloneOf("Picture", await assetOf("https://media.test/face.png", "IMAGE"))).toMatchObject({
      errorCode: "voice_sample_type_unsupported",
    });
    expect(await cloneOf("Elsewhere", await assetOf("https://media.test/voice.wav", "AUDIO"))).toMatchObject({
      errorCode: "voice_sample_upload_required",
    });
  });

  it("a clone has sync's own id and the provider's, and speech takes both", async () => {
    const world = await buildTestWorld();
    const url = await uploadSound(world, 5);
    const clone = (
      await post(world, "/v2/voices", { provider: "elevenlabs", name: "N".repeat(100), url })
    ).json<Voice>();
    expect(clone.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(clone.voiceId).toMatch(/^[A-Za-z0-9]{20}$/);
    for (const voiceId of [clone.id, clone.voiceId])
      expect((await post(world, "/v2/tts", { script: "Hello.", voiceId })).statusCode).toBe(200);
  });

  it.each([
    ["both sources", { assetId: "00000000-0000-4000-8000-000000000000" }, "exactly one of url and assetId"],
    ["no source", { url: undefined }, "exactly one of url and assetId"],
    ["an empty name", { name: "" }, "name should not be empty"],
    ["a name of 101 characters", { name: "n".repeat(101) }, "100 characters"],
    ["another provider", { provider: "other" }, "provider must be one of"],
  ])("a clone with %s is refused", async (_what, change, message) => {
    const world = await buildTestWorld();
    const body = { provider: "elevenlabs", name: "Narrator", url: await uploadSound(world, 5), ...change };
    const response = await post(world, "/v2/voices", body);
    expect(response.statusCode).toBe(400);
    expect(response.json<{ message: string[] }>().message.join()).toContain(message);
  });

  it("the list takes a provider, and refuses one that it does not have", async () => {
    const world = await buildTestWorld();
    expect((await get(world, "/v2/voices?provider=elevenlabs")).json()).toEqual(await voicesOf(world));
    expect((await get(world, "/v2/voices?provider=other")).statusCode).toBe(400);
  });

  it.each([
    ["verification_required", 422],
    ["blocked", 422],
    ["access_denied", 400],
  ])("a voice with the restriction %s is listed with it and cannot speak", async (restriction, status) => {
    const fixtures = folderOf({ "sync/voices.json": JSON.stringify([{ id: "quiet", name: "Quiet", restriction }]) });
    const world = await buildTestWorld({ fixtures });
    expect((await voicesOf(world)).at(-1)).toMatchObject({ id: "quiet", restriction });
    const speech = { script: "Hello.", voiceId: "quiet" };
    const refused = { statusCode: status, errorCode: `voice_${restriction}`, field: "voiceId" };
    for (const path of ["/v2/tts", "/v2/tts/jobs"])
      expect((await post(world, path, speech)).json()).toMatchObject(refused);
    const input = [video, { type: "text", provider: { name: "elevenlabs", ...speech } }];
    expect((await postGeneration(world, { model: "lipsync-2", input })).json()).toMatchObject(refused);
  });

  it("the plan limits the number of cloned voices", async () => {
    const world = await buildTestWorld();
    const first = { provider: "elevenlabs", name: "First", url: "{url}" };
    const limited = { account: "limited" };
    const announced = { fileName: "voice.wav", contentType: "audio/wav", ...limited };
    const url = await uploadFile(world, Buffer.from("bytes"), announced);
    const cloneAs = async (name: string) =>
      (await post(world, "/v2/voices", { ...first, name, url }, limited)).statusCode;
    expect([await cloneAs("First"), await cloneAs("Second")]).toEqual([201, 403]);
  });
});
