/** Tests that assets belong to one account, and that the names of their files never reach files of the host. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderMedia } from "../../../../src/media/encode/render.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { folderOf } from "../../../support/folder.ts";
import { get, lipsync, patch, post, postGeneration, remove, uploadFile } from "../../../support/sync.ts";

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
  it("cannot use the owner's asset by id, in the list, as an input or by its URL", async () => {
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
});
