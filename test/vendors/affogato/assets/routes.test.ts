/** Tests affogato's uploads and assets, from the slot to the archive. */
import { describe, expect, it, vi } from "vitest";
import { affogato } from "../../../../src/vendors/affogato/index.ts";
import { buildAffogatoWorld, image, mediaFile, type AffogatoWorld } from "../../../support/affogato.ts";

interface AssetData {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly url: string;
  readonly size: { readonly height: number; readonly width: number };
  readonly duration?: number;
  readonly frames?: number;
}

const read = async ({ call }: AffogatoWorld, id: string): Promise<AssetData> => {
  const { data } = await call<{ data: AssetData }>(
    { operation: "getAssetV2", status: 200 },
    "GET",
    `/pub/v2/assets/${id}`,
  );
  return data;
};

const body = { size: { height: 512, width: 512 } };

describe("affogato assets", () => {
  it("an upload slot nests the asset in v1 and not in v2", async () => {
    const { call } = await buildAffogatoWorld();
    const v1 = await call<{ data: { asset: AssetData } }>(
      { operation: "createAssetUpload", status: 201 },
      "POST",
      "/pub/v1/assets/upload",
      body,
    );
    expect(v1.data.asset).toMatchObject({ data: body, status: "pending", tags: ["api"], type: "image" });
    const v2 = await call<{ data: AssetData }>(
      { operation: "createAssetUploadV2", status: 201 },
      "POST",
      "/pub/v2/assets/upload?type=audio",
      body,
    );
    expect(v2.data).toMatchObject({ ...body, type: "audio" });
    expect(v2.data).not.toHaveProperty("status");
    expect(v2.data.id).toMatch(/^ast_[0-9A-Za-z]{10}$/);
  });

  it("an asset is pending until its bytes have arrived and been processed on the sandbox's clock", async () => {
    const world = await buildAffogatoWorld();
    const { data } = await world.call<{ data: { id: string; upload_url: string } }>(
      { operation: "createAssetUploadV2", status: 201 },
      "POST",
      "/pub/v2/assets/upload",
      body,
    );
    await world.advance("1h");
    expect(await read(world, data.id)).toMatchObject({ status: "pending", size: { height: 512, width: 512 } });
    const slot = await world.call<{ data: { id: string; upload_url: string } }>(
      { operation: "createAssetUploadV2", status: 201 },
      "POST",
      "/pub/v2/assets/upload",
      body,
    );
    expect(await world.put(slot.data.upload_url, mediaFile("png"))).toBe(200);
    await world.advance("1s");
    expect(await read(world, slot.data.id)).toMatchObject({ status: "pending", size: { height: 512, width: 512 } });
    await world.advance("1s");
    expect(await read(world, slot.data.id)).toMatchObject({ status: "active", size: { height: 192, width: 320 } });
  });

  it("an asset is active at once under instant timing", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    expect(await read(world, await world.upload(mediaFile("jpg")))).toMatchObject({ status: "active" });
  });

  it("an upload accepts any content type or none, and its file is served without a key", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const bytes = mediaFile("png");
    for (const headers of [{}, { "content-type": "image/png" }, { "content-type": "application/octet-stream" }]) {
      const { data } = await world.call<{ data: { id: string; url: string; upload_url: string } }>(
        { operation: "createAssetUploadV2", status: 201 },
        "POST",
        "/pub/v2/assets/upload",
        body,
      );
      expect(await world.put(data.upload_url, bytes, headers)).toBe(200);
      const file = await world.app.inject({ method: "GET", url: new URL(data.url).pathname });
      expect(file.rawPayload.equals(bytes)).toBe(true);
    }
  });

  it("an asset shows length and frames of a video, the length of a recording, and neither of an image", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const video = await read(world, await world.upload(mediaFile("mp4"), "video"));
    expect(video).toMatchObject({ type: "video", status: "active", duration: 2, frames: 48 });
    expect(video.size).toEqual({ height: 192, width: 320 });
    const audio = await read(world, await world.upload(mediaFile("mp3"), "audio"));
    expect(audio.duration).toBeCloseTo(2, 1);
    expect(audio).not.toHaveProperty("frames");
    expect(await read(world, await world.upload(mediaFile("png")))).not.toHaveProperty("duration");
  });

  it.each([
    ["bytes of another type", mediaFile("mp3"), "image"],
    ["no bytes", new Uint8Array(), "video"],
    ["bytes that are not media", Buffer.from("garbage"), "image"],
    ["half a film", mediaFile("mp4").subarray(0, 500), "video"],
  ] as const)("an asset fails after an upload of %s", async (_, bytes, type) => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    expect(await read(world, await world.upload(bytes, type))).toMatchObject({ status: "failed" });
  });

  it("a generation refuses a failed asset", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const id = await world.upload(Buffer.from("garbage"));
    const refused = await world.call<{ err: { code: string } }>(
      { operation: "createGeneration", status: 400 },
      "POST",
      "/pub/v1/generations",
      [image("a lighthouse", { facelock: { asset_id: id } })],
    );
    expect(refused.err.code).toBe("GE10");
  });

  it("an asset is inspected again when new bytes replace the first", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const { data } = await world.call<{ data: { id: string; upload_url: string } }>(
      { operation: "createAssetUploadV2", status: 201 },
      "POST",
      "/pub/v2/assets/upload",
      body,
    );
    await world.put(data.upload_url, mediaFile("png"));
    expect((await read(world, data.id)).size).toEqual({ height: 192, width: 320 });
    await world.put(data.upload_url, mediaFile("png", { width: 64, height: 64 }));
    expect((await read(world, data.id)).size).toEqual({ height: 64, width: 64 });
  });

  it("archiving several assets removes them from the lists", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const [first, second, kept] = [
      await world.upload(mediaFile("png")),
      await world.upload(mediaFile("png")),
      await world.upload(mediaFile("mp4"), "video"),
    ];
    const archived = await world.call<{ data: readonly AssetData[] }>(
      { operation: "archiveAssets", status: 200 },
      "POST",
      "/pub/v1/assets/archive",
      { ids: [first, second] },
    );
    expect(archived.data.map(({ id, status }) => [id, status])).toEqual([
      [first, "archive"],
      [second, "archive"],
    ]);
    for (const [operation, url] of [
      ["listAssets", "/pub/v1/assets"],
      ["listAssetsV2", "/pub/v2/assets"],
    ] as const) {
      const list = await world.call<{ data: readonly AssetData[] }>({ operation, status: 200 }, "GET", url);
      expect(list.data.map(({ id }) => id)).toEqual([kept]);
    }
    expect(await read(world, first)).toMatchObject({ status: "archive" });
  });

  it("archiving with one unknown id archives no asset", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const id = await world.upload(mediaFile("png"));
    const ids = [id, "ast_0000000000"];
    await world.call({ operation: "archiveAssets", status: 404 }, "POST", "/pub/v1/assets/archive", { ids });
    expect(await read(world, id)).toMatchObject({ status: "active" });
  });

  it("the list shows only the account's own assets, in pages, newest first", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) ids.unshift(await world.upload(mediaFile("png")));
    await world.upload(mediaFile("png"), "image", "other");
    const page = await world.call<{ data: readonly AssetData[]; pagination: unknown }>(
      { operation: "listAssetsV2", status: 200 },
      "GET",
      "/pub/v2/assets?page=2&page_size=2",
    );
    expect(page.data.map(({ id }) => id)).toEqual(ids.slice(2));
    expect(page.pagination).toEqual({ page: 2, page_size: 2, total: 3 });
    const url = `/pub/v2/assets/${ids[0] ?? ""}`;
    await world.call({ operation: "getAssetV2", status: 404, account: "other" }, "GET", url);
  });

  it.each([
    ["createAssetUpload", "/pub/v1/assets/upload", {}],
    ["createAssetUpload", "/pub/v1/assets/upload", { size: { height: 0, width: 512 } }],
    ["createAssetUploadV2", "/pub/v2/assets/upload?type=text", body],
    ["archiveAssets", "/pub/v1/assets/archive", { ids: [] }],
  ] as const)("%s at %s refuses %j", async (operation, url, refused) => {
    const { call } = await buildAffogatoWorld();
    await call({ operation, status: 400 }, "POST", url, refused);
  });

  it("an upload request answers 200 with the setting uploadStatus", async () => {
    const { send } = await buildAffogatoWorld({ vendors: { affogato: { uploadStatus: 200 } } });
    const response = await send(affogato, "main", { method: "POST", url: "/pub/v1/assets/upload", body });
    expect(response.statusCode).toBe(200);
  });
});

describe("a reset during the inspection of an affogato asset", () => {
  it("a reset removes an asset that is being inspected", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const id = await world.upload(mediaFile("mp4"), "video");
    const { uploads } = world.sandbox.store;
    const chunk = uploads.chunk.bind(uploads);
    const read = vi.spyOn(uploads, "chunk").mockImplementationOnce((upload, position) => {
      const bytes = chunk(upload, position);
      world.app.httpContext.sandboxes.reset(world.sandbox);
      return bytes;
    });
    await world.call({ operation: "getAssetV2", status: 404 }, "GET", `/pub/v2/assets/${id}`);
    expect(read).toHaveBeenCalled();
    const { id: accountId } = world.sandbox.account("main");
    expect(world.sandbox.store.resources.ofAccount(accountId, "affogato", "asset")).toEqual([]);
  });
});
