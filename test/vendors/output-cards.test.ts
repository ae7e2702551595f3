/** Tests what the outputs of each vendor show and let hear, and how long they are. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { renderMedia, type MediaSpec } from "../../src/media/encode/render.ts";
import { affogato } from "../../src/vendors/affogato/index.ts";
import { oxen } from "../../src/vendors/oxen/index.ts";
import { sync } from "../../src/vendors/sync/index.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";
import { vivix } from "../../src/vendors/vivix/index.ts";
import { buildTestWorld, type TestWorld } from "../support/app.ts";
import { uploadFile } from "../support/sync.ts";

interface Case {
  readonly what: string;
  readonly vendor: Vendor;
  readonly url: string;
  readonly body: unknown;
  readonly shown: Pick<MediaSpec, "model" | "words" | "sound">;
  readonly seconds?: number;
}

const video = { type: "video", url: "https://media.test/folder/face.mp4" };
const script = "Welcome to the tour of the old town, where every stone has a story to tell";

const cases: readonly Case[] = [
  {
    what: "a lipsync of a recording shows the names of its files and speaks",
    vendor: sync,
    url: "/v2/generate",
    body: { model: "lipsync-2", input: [video, { type: "audio", url: "https://media.test/v.wav?x=1" }] },
    shown: { model: "lipsync-2", words: "face.mp4 + v.wav", sound: "speech" },
    seconds: 10,
  },
  {
    what: "a lipsync of a script shows the script and speaks",
    vendor: sync,
    url: "/v2/generate",
    body: {
      model: "lipsync-2",
      input: [video, { type: "text", provider: { name: "elevenlabs", voiceId: "EXAVITQu4vr4xnSDxMaL", script } }],
    },
    shown: { model: "lipsync-2", words: script, sound: "speech" },
  },
  {
    what: "a video of oxen shows its prompt and is silent",
    vendor: oxen,
    url: "/api/ai/queue",
    body: { model: "kling-video-v2-5-turbo-pro-text-to-video", prompt: "a calm sea", duration: 5 },
    shown: { model: "kling-video-v2-5-turbo-pro-text-to-video", words: "a calm sea", sound: "silence" },
    seconds: 5,
  },
  {
    what: "a video of oxen with generate_audio is audible",
    vendor: oxen,
    url: "/api/ai/queue",
    body: { model: "a-video-model", prompt: "a choir", duration: 4, generate_audio: true },
    shown: { model: "a-video-model", words: "a choir", sound: "speech" },
    seconds: 4,
  },
  {
    what: "an image of affogato shows its positive prompt",
    vendor: affogato,
    url: "/pub/v1/generations",
    body: [{ prompt: { positive: "a fox in snow", negative: "blur" } }],
    shown: { words: "a fox in snow", sound: "silence" },
  },
  {
    what: "an image of vivix shows its prompt",
    vendor: vivix,
    url: "/api/v1/generate",
    body: { model: "grok-imagine-image-quality", prompt: "a lighthouse" },
    shown: { model: "grok-imagine-image-quality", words: "a lighthouse", sound: "silence" },
  },
  {
    what: "a video of vivix with audio is audible",
    vendor: vivix,
    url: "/api/v1/generate",
    body: { model: "wan-2.7-text-to-video", prompt: "a lighthouse", audio: true, duration: 7 },
    shown: { model: "wan-2.7-text-to-video", words: "a lighthouse", sound: "speech" },
    seconds: 7,
  },
];

const listed = z.object({
  items: z.array(
    z.object({
      model: z.string(),
      outputs: z.array(
        z.object({
          id: z.string(),
          format: z.enum(["png", "jpg", "webp", "mp4", "wav", "mp3"]),
          width: z.number(),
          height: z.number(),
          durationSeconds: z.number().nullable(),
        }),
      ),
    }),
  ),
});

async function firstOutput({ app, send, advance }: TestWorld, { vendor, url, body }: Case) {
  const created = await send(vendor, "main", { method: "POST", url, body });
  if (created.statusCode >= 300) throw new Error(created.body);
  await advance("1h");
  const response = await app.inject("/_fauxgen/sandboxes/world/generations");
  const [generation] = listed.parse(response.json()).items;
  const [output] = generation?.outputs ?? [];
  if (generation === undefined || output === undefined) throw new Error("there is no output");
  const name = `${output.id}.${output.format}`;
  const file = await app.inject(`/_media/world/${vendor.name}/${name}`);
  return { output, model: generation.model, bytes: file.rawPayload };
}

describe("for the outputs of the vendors,", () => {
  it.each(cases)("$what", async (each) => {
    const world = await buildTestWorld();
    const { output, model, bytes } = await firstOutput(world, each);
    const expected = renderMedia({
      format: output.format,
      width: output.width,
      height: output.height,
      durationSeconds: output.durationSeconds ?? 0,
      title: each.vendor.title,
      model,
      ...each.shown,
      seed: world.sandbox.digest(each.vendor.name, output.id),
    });
    expect(Buffer.compare(bytes, expected)).toBe(0);
    if (each.seconds !== undefined) expect(output.durationSeconds).toBe(each.seconds);
  });

  it("speech as a file speaks, and is as long as its script", async () => {
    const world = await buildTestWorld();
    const tts = {
      what: "",
      vendor: sync,
      url: "/v2/tts/jobs",
      shown: {},
      body: { voiceId: "EXAVITQu4vr4xnSDxMaL", script },
    };
    const { output, bytes } = await firstOutput(world, tts);
    const spec = { ...output, durationSeconds: output.durationSeconds ?? 0, title: "sync.", words: script } as const;
    const seed = world.sandbox.digest("sync", output.id);
    expect(Buffer.compare(bytes, renderMedia({ ...spec, model: "elevenlabs", seed, sound: "speech" }))).toBe(0);
    expect(output.durationSeconds).toBeGreaterThan(3);
  });
});

describe("for the length of a lipsync,", () => {
  const made = z.object({ id: z.string(), url: z.string(), duration: z.number() });
  const lengths = z.object({ outputDuration: z.number() });

  async function lengthOf({ send, advance }: TestWorld, sound: object, account = "main"): Promise<number> {
    const body = { model: "lipsync-2", input: [video, sound] };
    const created = await send(sync, account, { method: "POST", url: "/v2/generate", body });
    await advance("1h");
    const { id } = z.object({ id: z.string() }).parse(created.json());
    const read = await send(sync, account, { method: "GET", url: `/v2/generate/${id}` });
    return lengths.parse(read.json()).outputDuration;
  }

  it("the URL of speech is known, but not to another account, and no other sandbox's file is", async () => {
    const world = await buildTestWorld();
    const body = { voiceId: "EXAVITQu4vr4xnSDxMaL", script };
    const spoken = made.parse((await world.send(sync, "main", { method: "POST", url: "/v2/tts", body })).json());
    expect(await lengthOf(world, { type: "audio", url: spoken.url })).toBe(spoken.duration);
    expect(await lengthOf(world, { type: "audio", url: spoken.url }, "other")).toBe(10);
    const elsewhere = spoken.url.replace("/world/", "/default/");
    expect(await lengthOf(world, { type: "audio", url: elsewhere })).toBe(10);
  });

  it("an uploaded recording is known by its asset and by its URL", async () => {
    const world = await buildTestWorld();
    const bytes = renderMedia({ format: "wav", width: 0, height: 0, durationSeconds: 7.25, title: "v", seed: "v" });
    const url = await uploadFile(world, bytes, { fileName: "v.wav", contentType: "audio/wav" });
    const body = { url, name: "v", type: "AUDIO" };
    const asset = z
      .object({ id: z.string() })
      .parse((await world.send(sync, "main", { method: "POST", url: "/v2/assets", body })).json());
    expect(await lengthOf(world, { type: "audio", assetId: asset.id })).toBe(7.25);
    expect(await lengthOf(world, { type: "audio", url })).toBe(7.25);
  });
});

describe("for the sound of videos,", () => {
  const [, , silent] = cases;

  it.each([
    { settings: {}, document: {}, hasTrack: true },
    { settings: {}, document: { sound: false }, hasTrack: false },
    { settings: { sound: false }, document: {}, hasTrack: false },
    { settings: { sound: false }, document: { sound: true }, hasTrack: true },
  ])("with $settings at the server and $document in the sandbox, a track exists: $hasTrack", async (each) => {
    const world = await buildTestWorld(each.settings);
    const put = await world.app.inject({
      method: "PUT",
      url: "/_fauxgen/sandboxes/world",
      payload: { clock: { mode: "frozen" }, ...each.document },
    });
    expect(put.statusCode).toBe(200);
    if (silent === undefined) throw new Error("there is no silent case");
    const { bytes } = await firstOutput(world, silent);
    expect(bytes.includes("mp4a")).toBe(each.hasTrack);
  });
});
