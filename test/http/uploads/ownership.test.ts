/** Tests that uploads belong to one account, and that their names never reach files of the host. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderMedia } from "../../../src/media/encode/render.ts";
import { affogato } from "../../../src/vendors/affogato/index.ts";
import { buildTestWorld, type TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { fetchFile, putFile } from "../../support/requests.ts";
import { get, lipsync, patch, post, postGeneration, remove, uploadFile } from "../../support/sync.ts";
import { folderOf } from "../../support/folder.ts";

const bytes = renderMedia({ format: "mp4", width: 64, height: 64, durationSeconds: 1, title: "v", seed: "v" });

/** Uploads a file to sync and returns its URL and its asset. */
async function uploadToSync(
  world: TestWorld,
  fileName: string,
): Promise<{ url: string; asset: { id: string; name?: string } }> {
  const url = await uploadFile(world, bytes, { fileName, contentType: "video/mp4" });
  const asset = await post(world, "/v2/assets", { url, type: "VIDEO", name: fileName });
  expect(asset.statusCode).toBe(201);
  return { url, asset: asset.json<{ id: string; name?: string }>() };
}

describe("another account", () => {
  it("cannot use the owner's sync asset by id, in the list, as an input or by its URL", async () => {
    const world = await buildTestWorld();
    const { url, asset } = await uploadToSync(world, "mine.mp4");
    const at = `/v2/assets/${asset.id}`;
    const asOther = { account: "other" };
    expect((await get(world, at, asOther)).statusCode).toBe(404);
    expect((await patch(world, at, { name: "stolen" }, asOther)).statusCode).toBe(404);
    expect((await remove(world, at, undefined, asOther)).statusCode).toBe(404);
    expect((await get(world, "/v2/assets", asOther)).body).not.toContain(asset.id);
    const input = [
      { type: "video", assetId: asset.id },
      { type: "audio", url: "https://example.com/a.wav" },
    ];
    const used = await postGeneration(world, { ...lipsync, input }, asOther);
    expect(used.json()).toMatchObject({ statusCode: 404, errorCode: "asset_not_found" });
    expect((await post(world, "/v2/assets", { url, type: "VIDEO" }, asOther)).statusCode).toBe(422);
    expect((await get(world, at)).json()).toMatchObject({ name: "mine.mp4" });
  });

  it("cannot use the owner's affogato asset", async () => {
    const world = await buildTestWorld();
    const size = { size: { height: 64, width: 64 } };
    const slot = await world.send(affogato, "main", {
      method: "POST",
      url: "/pub/v2/assets/upload?type=video",
      body: size,
    });
    const { data } = slot.json<{ data: { id: string; upload_url: string } }>();
    expect((await putFile(world, data.upload_url, bytes, { "content-type": "video/mp4" })).statusCode).toBe(200);
    const read = async (account: string) =>
      (await world.send(affogato, account, { method: "GET", url: `/pub/v2/assets/${data.id}` })).statusCode;
    expect([await read("main"), await read("other")]).toEqual([200, 404]);
    const archive = { method: "POST", url: "/pub/v1/assets/archive", body: { asset_ids: [data.id] } } as const;
    expect((await world.send(affogato, "other", archive)).statusCode).toBeGreaterThanOrEqual(400);
    expect(await read("main")).toBe(200);
  });

  it("in another sandbox finds no upload under its own path", async () => {
    const world = await buildTestWorld();
    await control(world.app, "PUT", "sandboxes/elsewhere", {});
    const { url } = await uploadToSync(world, "mine.mp4");
    expect((await fetchFile(world, url)).statusCode).toBe(200);
    expect((await fetchFile(world, url.replace("/world/", "/elsewhere/"))).statusCode).toBe(404);
  });
});

describe("an upload", () => {
  it.each([
    "../../../../tmp/fauxgen-was-here.mp4",
    "/tmp/fauxgen-was-here.mp4",
    "..\\..\\fauxgen-was-here.mp4",
    "a\u0000b.mp4",
    `${"n".repeat(250)}.mp4`,
    "CON.mp4",
  ])("never uses the file name %j as a path or in a URL", async (fileName) => {
    const folder = folderOf({});
    const world = await buildTestWorld({ data: join(folder, "data.db") });
    const { url } = await uploadToSync(world, fileName);
    expect(new URL(url).pathname).toMatch(/^\/_media\/world\/uploads\/[A-Za-z0-9]+\.mp4$/);
    expect(readdirSync(folder).every((name) => name.startsWith("data.db"))).toBe(true);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("fauxgen-was-here"))).toEqual([]);
  });

  it.each([
    "/_media/world/uploads/..%2f..%2fdata.db",
    "/_media/world/sync/..%2f..%2fpackage.json",
    "/_media/..%2f/a/b",
  ])("is searched in the store, and no file is opened, for the path %s", async (path) => {
    const world = await buildTestWorld();
    expect((await world.app.inject({ method: "GET", url: path })).statusCode).toBe(404);
  });
});
