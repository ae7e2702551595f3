/** Tests the variants that use files: their inputs, their outputs, and the limits that apply only at run time. */
import { describe, expect, it } from "vitest";
import { affogato } from "../../../../src/vendors/affogato/index.ts";
import { buildAffogatoWorld, image, mediaFile, type AffogatoWorld } from "../../../support/affogato.ts";

const refuse = ({ call }: AffogatoWorld, element: Readonly<Record<string, unknown>>) =>
  call<{ err: { code: string } }>({ operation: "createGeneration", status: 400 }, "POST", "/pub/v1/generations", [
    element,
  ]);

/** Creates a generation of one element and returns the final status of its output. */
const statusOf = async (world: AffogatoWorld, element: Readonly<Record<string, unknown>>): Promise<string> => {
  const { generation_id } = await world.create([element]);
  await world.advance("2s");
  return (await world.read(generation_id)).media[0]?.status ?? "";
};

const world = () => buildAffogatoWorld({ timing: { queued: "0s", processing: "0s" } });

/** A sandbox with these settings, and a create in it. */
const settingUp = async (settings: Readonly<Record<string, unknown>>) => {
  const here = await buildAffogatoWorld(settings);
  const post = (body: unknown) => here.send(affogato, "main", { method: "POST", url: "/pub/v1/generations", body });
  return { post };
};

const png = (width: number, height: number) => mediaFile("png", { width, height });

describe("segment and true_touch", () => {
  it("make one image of the asset's size, or scaled, and ignore other fields", async () => {
    const here = await world();
    const asset_id = await here.upload(png(320, 192));
    const segment = { asset_id, find: "hat", replace: "crown" };
    const ignored = { batch_size: 99, quality: "none", style: "Cinematic", loras: [{ name: "bad-lora" }] };
    const cut = await here.create([{ segment, ...ignored }]);
    expect(cut.media.map(({ dim }) => dim)).toEqual([{ height: 192, width: 320 }]);
    const touched = await here.create([{ true_touch: { asset_id, enhance_strength: 0.5, scale_factor: 2 } }]);
    expect(touched.media[0]).toMatchObject({ dim: { height: 384, width: 640 }, type: "image" });
    expect(await statusOf(here, { segment })).toBe("success");
  });

  it.each([
    ["an unknown asset", { segment: { asset_id: "ast_0000000000", find: "a", replace: "b" } }],
    ["a missing asset to segment", { segment: { find: "a", replace: "b" } }],
    ["a missing asset to enhance", { true_touch: {} }],
  ])("refuse %s", async (_, element) => {
    await refuse(await world(), element);
  });

  it("refuse an asset that is archived, of another account or not an image", async () => {
    const here = await world();
    const archived = await here.upload(png(64, 64));
    await here.call({ operation: "archiveAssets", status: 200 }, "POST", "/pub/v1/assets/archive", { ids: [archived] });
    const foreign = await here.upload(png(64, 64), "image", "other");
    const video = await here.upload(mediaFile("mp4"), "video");
    for (const asset_id of [archived, foreign, video])
      expect((await refuse(here, { true_touch: { asset_id } })).err.code).toBe("GE10");
  });

  it("refuse a pending asset", async () => {
    const here = await buildAffogatoWorld();
    const asset_id = await here.upload(png(64, 64));
    expect((await refuse(here, { true_touch: { asset_id } })).err.code).toBe("GE10");
  });
});

describe("narrator", () => {
  it("makes a video of the face's size and the speech's length", async () => {
    const here = await world();
    const image_asset_id = await here.upload(png(320, 192));
    const audio_asset_id = await here.upload(mediaFile("mp3", { durationSeconds: 4 }), "audio");
    const script = "one two three four five six seven eight nine ten";
    const spoken = await here.create([{ narrator: { image_asset_id, script, voice: "Rachel" } }]);
    expect(spoken.media).toEqual([expect.objectContaining({ dim: { height: 192, width: 320 }, type: "video" })]);
    expect(spoken.media[0]?.id).toMatch(/^vid_[0-9A-Za-z]{10}$/);
    expect(spoken.credits_remaining).toBe(1_000_000 - 4 * 20);
    const recorded = await here.create([{ narrator: { image_asset_id, audio_asset_id } }]);
    expect(here.sandbox.generations.find("affogato", recorded.generation_id)?.outputs[0]?.durationSeconds).toBeCloseTo(
      4,
      1,
    );
    await here.advance("1s");
    expect((await here.read(recorded.generation_id)).media[0]?.url).toMatch(/\.mp4$/);
  });

  it("needs a face, and a script with a voice or a recording", async () => {
    const here = await world();
    const image_asset_id = await here.upload(png(64, 64));
    await refuse(here, { narrator: { script: "hello", voice: "Rachel" } });
    await refuse(here, { narrator: { image_asset_id, script: "hello" } });
    await refuse(here, { narrator: { image_asset_id, voice: "Rachel" } });
    await refuse(here, { narrator: { image_asset_id, audio_asset_id: "ast_0000000000" } });
    const unknown = await refuse(here, { narrator: { image_asset_id, script: "hello", voice: "unknown-voice" } });
    expect(unknown.err.code).toBe("GE12");
  });

  it("accepts a video within 1080 by 1920, and a larger video fails at run time", async () => {
    const here = await world();
    const speech = { script: "hello", voice: "Rachel" };
    const fit = await here.upload(mediaFile("mp4"), "video");
    expect(await statusOf(here, { narrator: { video_asset_id: fit, ...speech } })).toBe("success");
    const high = await here.upload(mediaFile("mp4", { width: 608, height: 1088, durationSeconds: 0.1 }), "video");
    expect(await statusOf(here, { narrator: { video_asset_id: high, ...speech } })).toBe("failed");
    expect(here.sandbox.account("main").state("affogato")).toMatchObject({ credits: 1_000_000 - 20 });
  });

  it("fails at run time for a video of more than 30 frames per second", async () => {
    const here = await world();
    const fast = await here.upload(hurried(mediaFile("mp4")), "video");
    expect(await statusOf(here, { narrator: { video_asset_id: fast, script: "hello", voice: "Rachel" } })).toBe(
      "failed",
    );
  });
});

describe("aspect_ratio", () => {
  it.each(["1:1", "2:3", "3:2", "4:5", "16:9", "9:16"])(
    "%s is accepted in every catalogue, without a word",
    async (ratio) => {
      for (const catalogue of ["open", "strict"] as const) {
        const { post } = await settingUp({ catalogue });
        const answer = await post([image("a fox", { aspect_ratio: ratio })]);
        expect([answer.statusCode, answer.headers["x-fauxgen-diagnostic"]]).toEqual([202, undefined]);
      }
    },
  );

  it.each(["3:5", "5:3"])("%s is told by an open catalogue, and refused by a strict one", async (ratio) => {
    const open = await settingUp({ catalogue: "open" });
    const told = await open.post([image(), image("a fox", { aspect_ratio: ratio })]);
    expect(told.statusCode).toBe(202);
    expect(told.headers["x-fauxgen-diagnostic"]).toBe(
      `VALUE_UNDOCUMENTED: 1.aspect_ratio is ${ratio}; the documented values are 1:1, 2:3, 3:2, 4:5, 16:9, 9:16.`,
    );
    const strict = await settingUp({ catalogue: { affogato: "strict" } });
    const refused = await strict.post([image("a fox", { aspect_ratio: ratio })]);
    expect(refused.statusCode).toBe(400);
    expect(refused.body).toContain("0.aspect_ratio must be one of 1:1, 2:3, 3:2, 4:5, 16:9, 9:16");
  });

  it("any other ratio is refused by an open catalogue too", async () => {
    const { post } = await settingUp({ catalogue: "open" });
    expect((await post([image("a fox", { aspect_ratio: "16x9" })])).statusCode).toBe(400);
  });
});

describe("video_anyone", () => {
  it("animates an asset or a generated image", async () => {
    const here = await world();
    const asset = await here.upload(png(300, 500));
    const moved = await here.create([{ video_anyone: { media_id: asset, prompt: "she waves", duration: 3 } }]);
    expect(moved.media[0]).toMatchObject({ dim: { height: 1280, width: 768 }, type: "video" });
    expect(moved.credits_remaining).toBe(1_000_000 - 120);
    const { media } = await here.create([image("a fox", { aspect_ratio: "5:3" })]);
    const media_id = media[0]?.id ?? "";
    await here.advance("1s");
    expect(await statusOf(here, { video_anyone: { media_id, prompt: "it runs" } })).toBe("success");
  });

  it("refuses a media item that is unknown, not ready, not an image or another account's", async () => {
    const here = await buildAffogatoWorld();
    const unready = await here.create([image()]);
    const foreign = await here.create([image()], "other");
    const failed = await here.create([image("fauxgen:fail")]);
    const idOf = ({ media }: typeof unready) => media[0]?.id ?? "";
    expect((await refuse(here, { video_anyone: { media_id: idOf(unready) } })).err.code).toBe("GE10");
    await here.advance("2s");
    for (const media_id of ["img_0000000000", idOf(foreign), idOf(failed)])
      expect((await refuse(here, { video_anyone: { media_id } })).err.code).toBe("GE10");
    await refuse(here, { video_anyone: { prompt: "it runs" } });
  });

  it.each([
    ["an image of another shape", png(300, 400), "she waves"],
    ["a prompt of 501 characters", png(300, 500), "x".repeat(501)],
  ])("fails at run time for %s, and refunds the credits", async (_, bytes, prompt) => {
    const here = await world();
    const media_id = await here.upload(bytes);
    expect(await statusOf(here, { video_anyone: { media_id, prompt } })).toBe("failed");
    expect(here.sandbox.account("main").state("affogato")).toMatchObject({ credits: 1_000_000 });
  });

  it("leaves the other outputs of its generation unchanged when it fails", async () => {
    const here = await world();
    const media_id = await here.upload(png(64, 64));
    const { generation_id } = await here.create([image(), { video_anyone: { media_id, prompt: "it runs" } }]);
    await here.advance("1s");
    expect((await here.read(generation_id)).media.map(({ status }) => status)).toEqual(["success", "failed"]);
  });
});

describe("images by likeness and control", () => {
  it("a Flux image takes the aspect ratio of its control image", async () => {
    const here = await world();
    const asset_id = await here.upload(png(300, 100));
    const control_net = { asset_id, name: "Canny", control_mode: 0, resize_mode: 1 };
    const flux = await here.create([image("a fox", { model: "Flux", aspect_ratio: "1:1", control_net })]);
    expect(flux.media[0]?.dim).toEqual({ height: 342, width: 1024 });
    const other = await here.create([image("a fox", { aspect_ratio: "1:1", control_net })]);
    expect(other.media[0]?.dim).toEqual({ height: 1024, width: 1024 });
  });

  it.each([
    ["GE10", { facelock: { asset_id: "ast_0000000000" } }],
    ["GE11", { character: { character_id: "chr_0000000000" } }],
    ["GE07", { control_net: { asset_id: "ast_0000000000", name: "unknown-net" } }],
    ["GE10", { control_net: { asset_id: "ast_0000000000", name: "Canny" } }],
  ])("an image is refused with %s for %j", async (code, extra) => {
    expect((await refuse(await world(), image("a fox", extra))).err.code).toBe(code);
  });
});

describe("an estimate", () => {
  it("shows the price of a create and the balance, and charges nothing", async () => {
    const { call } = await buildAffogatoWorld();
    const wanted = { operation: "estimateCost", status: 200 } as const;
    const url = "/pub/v1/generations/estimate";
    const body = [image("a", { batch_size: 2 }), image("b", { quality: "Plus" })];
    const expected = { data: { estimated: 42, balance: 1_000_000 }, error: {} };
    expect(await call(wanted, "POST", url, body)).toEqual(expected);
    expect(await call(wanted, "POST", url, body)).toEqual(expected);
    const broke = await call<{ data: unknown }>({ ...wanted, account: "broke" }, "POST", url, [image()]);
    expect(broke.data).toEqual({ estimated: 12, balance: 10 });
    await call({ operation: "estimateCost", status: 400 }, "POST", url, [image("a", { model: "unknown-model" })]);
  });
});

/** Returns the same film at more than twice its speed, by a change to the time scales in its headers. */
function hurried(mp4: Uint8Array): Uint8Array {
  const bytes = Buffer.from(mp4);
  for (const box of ["mvhd", "mdhd"]) {
    // Every track has its own scale.
    for (let at = bytes.indexOf(box); at >= 0; at = bytes.indexOf(box, at + 1)) {
      const scale = at + 4 + 4 + 8;
      bytes.writeUInt32BE(Math.round(bytes.readUInt32BE(scale) * 2.5), scale);
    }
  }
  return bytes;
}
