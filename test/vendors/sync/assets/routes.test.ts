/** Tests sync's uploads, assets and asset lists. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { renderMedia } from "../../../../src/media/encode/render.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { audio, get, patch, post, postGeneration, remove, uploadFile } from "../../../support/sync.ts";
import { fetchFile, putFile } from "../../../support/requests.ts";

interface Slot {
  readonly uploadUrl: string;
  readonly url: string;
  readonly expiresIn: number;
}

type Asset = Readonly<Record<string, unknown>> & { readonly id: string; readonly url: string };

const speaker = renderMedia({ format: "mp4", width: 64, height: 48, durationSeconds: 2, title: "s", seed: "s" });

async function askSlot(world: TestWorld): Promise<Slot> {
  const body = { fileName: "my speaker.mp4", contentType: "video/mp4", size: speaker.length };
  return (await post(world, "/v2/assets/upload", body)).json();
}

const putSpeaker = (world: TestWorld, { uploadUrl }: Slot, contentType = "video/mp4") =>
  putFile(world, uploadUrl, speaker, { "content-type": contentType });

const register = (world: TestWorld, body: Readonly<Record<string, unknown>>, account = "main") =>
  post(world, "/v2/assets", { type: "VIDEO", ...body }, { account });

/** Registers an external asset, which needs no upload. */
async function make(world: TestWorld, fields: Readonly<Record<string, unknown>>, account = "main"): Promise<Asset> {
  return (await register(world, { url: "https://media.test/clip.mov", ...fields }, account)).json<Asset>();
}

const listedNames = async (world: TestWorld, query: string, account = "main") =>
  (await get(world, `/v2/assets?${query}`, { account }))
    .json<{ items: { name?: string }[] }>()
    .items.map(({ name }) => name);

describe("GET /v2/assets/uploaded", () => {
  const digest = createHash("sha256").update(speaker).digest("hex");
  const upload = async (world: TestWorld, account = "main") => {
    const url = await uploadFile(world, speaker, { fileName: "s.mp4", contentType: "video/mp4", account });
    return (await register(world, { url }, account)).json<Asset>();
  };
  const search = async (world: TestWorld, query: string, account = "main") =>
    (await get(world, `/v2/assets/uploaded?${query}`, { account })).json<{ asset: Asset | null }>().asset;

  it("the newest live asset of the same key with the same bytes is found", async () => {
    const world = await buildTestWorld();
    expect(await search(world, `contentSha256=${digest}`)).toBeNull();
    const first = await upload(world);
    const second = await upload(world);
    await upload(world, "main_colleague");
    await make(world, {});
    expect(await search(world, `contentSha256=${digest}`)).toEqual(second);
    expect(await search(world, `contentSha256=${digest}&type=VIDEO`)).toEqual(second);
    expect(await search(world, `contentSha256=${digest}&type=AUDIO`)).toBeNull();
    expect(await search(world, `contentSha256=${digest}`, "other")).toBeNull();
    await remove(world, `/v2/assets/${second.id}`);
    expect(await search(world, `contentSha256=${digest}`)).toEqual(first);
  });

  it.each(["", "contentSha256=", `contentSha256=${digest.toUpperCase()}`, `contentSha256=${digest}&type=SCENT`])(
    "the query %j is refused",
    async (query) => {
      const world = await buildTestWorld();
      expect((await get(world, `/v2/assets/uploaded?${query}`)).statusCode).toBe(400);
    },
  );

  it("the download URL of an asset is unquoted text and needs no key", async () => {
    const world = await buildTestWorld();
    const asset = await upload(world);
    const response = await get(world, `/v2/assets/${asset.id}/download`);
    expect([response.body, response.headers["content-type"]]).toEqual([asset.url, "text/plain; charset=utf-8"]);
    expect((await fetchFile(world, response.body)).rawPayload).toEqual(Buffer.from(speaker));
  });
});

describe("uploaded assets of sync", () => {
  it("a file goes from slot to upload to asset, with the facts of its bytes", async () => {
    const world = await buildTestWorld();
    const slot = await askSlot(world);
    expect(slot).toMatchObject({ expiresIn: 3600 });
    expect((await putSpeaker(world, slot)).statusCode).toBe(200);
    const response = await register(world, { url: slot.url });
    const asset = response.json<Asset>();
    expect(response.statusCode).toBe(201);
    expect(asset).toMatchObject({
      type: "VIDEO",
      visibility: "USER",
      name: "my speaker.mp4",
      url: slot.url,
      size: speaker.length,
      format: "mp4",
      inputType: "UPLOAD",
      durationSeconds: 2,
      width: 64,
      height: 48,
      projectId: null,
    });
    expect((await fetchFile(world, asset.url)).rawPayload.equals(speaker)).toBe(true);
    expect((await get(world, `/v2/assets/${asset.id}`)).json()).toEqual(asset);
  });

  it("a generation with an asset as input is as long as the asset", async () => {
    const world = await buildTestWorld();
    const slot = await askSlot(world);
    await putSpeaker(world, slot);
    const { id } = (await register(world, { url: slot.url })).json<Asset>();
    const input = [{ type: "video", assetId: id }, audio];
    const created = await postGeneration(world, { model: "lipsync-2", input });
    expect(created.json()).toMatchObject({ input });
    await world.advance("10s");
    const read = await get(world, `/v2/generate/${created.json<{ id: string }>().id}`);
    expect(read.json()).toMatchObject({ status: "COMPLETED", outputDuration: 2 });
    const wrong = await postGeneration(world, {
      model: "lipsync-2",
      input: [
        { type: "video", url: "https://media.test/face.mp4" },
        { type: "audio", assetId: id },
      ],
    });
    expect(wrong.json()).toMatchObject({ errorCode: "generation_input_asset_type_mismatch" });
  });

  it("an upload slot refuses another content type, and every PUT after an hour of the sandbox's clock", async () => {
    const world = await buildTestWorld();
    const slot = await askSlot(world);
    expect((await putSpeaker(world, slot, "video/webm")).statusCode).toBe(403);
    await world.advance("1h");
    expect((await putSpeaker(world, slot)).statusCode).toBe(403);
    expect((await register(world, { url: slot.url })).json()).toMatchObject({
      errorCode: "uploaded_file_not_found",
      field: "url",
    });
  });

  it("deleting an asset deletes its file, unless another asset uses the file", async () => {
    const world = await buildTestWorld();
    const slot = await askSlot(world);
    await putSpeaker(world, slot);
    const [first, second] = [
      (await register(world, { url: slot.url })).json<Asset>(),
      (await register(world, { url: slot.url })).json<Asset>(),
    ];
    const statusAfterDeleting = async (id: string) => {
      await remove(world, `/v2/assets/${id}`);
      return (await fetchFile(world, slot.url)).statusCode;
    };
    expect(await statusAfterDeleting(first.id)).toBe(200);
    expect(await statusAfterDeleting(second.id)).toBe(404);
  });

  it("the free plan refuses a file over 20 MiB", async () => {
    const world = await buildTestWorld();
    const body = { fileName: "long.mp4", contentType: "video/mp4", size: 20 * 1024 * 1024 + 1 };
    const response = await post(world, "/v2/assets/upload", body, { account: "free" });
    expect([response.statusCode, response.json()]).toMatchObject([422, { errorCode: "file_size_exceeds_plan_limit" }]);
  });
});

describe("the list of sync's assets", () => {
  it("pages of the asset list stay correct when an asset is deleted between them", async () => {
    const world = await buildTestWorld();
    const made: Asset[] = [];
    for (const name of ["a", "b", "c", "d", "e"]) made.push(await make(world, { name }));
    const page = async (cursor?: string) =>
      (await get(world, `/v2/assets?limit=2&sortBy=nameAsc${cursor === undefined ? "" : `&cursor=${cursor}`}`)).json<{
        items: { name: string }[];
        nextCursor?: string;
        totalCount: number;
      }>();
    const first = await page();
    expect([first.items.map(({ name }) => name), first.totalCount]).toEqual([["a", "b"], 5]);
    await remove(world, `/v2/assets/${made[1]?.id ?? ""}`);
    const second = await page(first.nextCursor);
    expect(second.items.map(({ name }) => name)).toEqual(["c", "d"]);
    const third = await page(second.nextCursor);
    expect(third.items.map(({ name }) => name)).toEqual(["e"]);
    expect(third).not.toHaveProperty("nextCursor");
  });

  it("the asset list shows ten by default, newest first, even for assets of the same instant", async () => {
    const world = await buildTestWorld();
    for (let index = 0; index < 12; index += 1) await make(world, { name: `asset ${index}` });
    const names = await listedNames(world, "");
    expect(names).toEqual(Array.from({ length: 10 }, (_, index) => `asset ${11 - index}`));
  });

  it("the asset list sorts and filters, with list parameters in every form that clients send", async () => {
    const world = await buildTestWorld();
    const project = (await post(world, "/v2/projects", { name: "Spring" })).json<{ id: string }>();
    await make(world, { name: "Speaker", type: "VIDEO", projectId: project.id });
    await world.advance("1s");
    await make(world, { name: "voice", type: "AUDIO" });
    await world.advance("1s");
    await make(world, { name: "speaker photo", type: "IMAGE" });
    expect(await listedNames(world, "sortBy=dateAsc")).toEqual(["Speaker", "voice", "speaker photo"]);
    expect(await listedNames(world, "sortBy=kindAsc")).toEqual(["voice", "speaker photo", "Speaker"]);
    expect(await listedNames(world, "sortBy=nameDesc")).toEqual(["voice", "speaker photo", "Speaker"]);
    expect(await listedNames(world, "searchQuery=SPEAK&sortBy=nameAsc")).toEqual(["Speaker", "speaker photo"]);
    expect(await listedNames(world, `types=${encodeURIComponent('["AUDIO","IMAGE"]')}&sortBy=nameAsc`)).toEqual([
      "speaker photo",
      "voice",
    ]);
    expect(await listedNames(world, "types=AUDIO,IMAGE&sortBy=nameAsc")).toEqual(["speaker photo", "voice"]);
    expect(await listedNames(world, `projectId=${project.id}`)).toEqual(["Speaker"]);
    expect((await get(world, "/v2/assets/count?types=AUDIO,VIDEO")).json()).toBe(2);
  });

  it("the asset list hides a user's private assets from other users of the organisation", async () => {
    const world = await buildTestWorld();
    const mine = await make(world, { name: "mine" });
    await make(world, { name: "ours", visibility: "ORGANIZATION" });
    expect(await listedNames(world, "", "main_colleague")).toEqual(["ours"]);
    expect(await listedNames(world, "", "other")).toEqual([]);
    expect((await get(world, `/v2/assets/${mine.id}`, { account: "main_colleague" })).statusCode).toBe(404);
    const batch = await post(world, "/v2/assets/batch", { ids: mine.id }, { account: "main_colleague" });
    expect(batch.json()).toEqual([]);
  });
});

describe("changing a sync asset", () => {
  it("an update renames and shares an asset and sets its time of change", async () => {
    const world = await buildTestWorld();
    const asset = await make(world, { name: "draft" });
    await world.advance("1m");
    const url = `/v2/assets/${asset.id}`;
    const body = { name: "final", visibility: "ORGANIZATION" };
    const changed = (await patch(world, url, body)).json<Asset>();
    expect(changed).toMatchObject({ ...asset, ...body, updatedAt: changed.updatedAt });
    expect(Date.parse(String(changed.updatedAt)) - Date.parse(String(asset.updatedAt))).toBe(60_000);
    expect((await get(world, url, { account: "main_colleague" })).json()).toEqual(changed);
  });
});
