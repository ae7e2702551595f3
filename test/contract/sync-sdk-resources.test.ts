/** Tests assets and batches with both npm versions of the vendor's SDK, unmodified, over a real socket. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import * as newer from "@sync.so/sdk";
import * as older from "sync-sdk-0-2";
import { describe, expect, it } from "vitest";
import { advance } from "../../src/engine/sandbox/advance.ts";
import type { Sandbox } from "../../src/engine/sandbox/sandbox.ts";
import { sandboxSettings } from "../../src/engine/sandbox/settings.ts";
import { listenForTest } from "../support/server.ts";
import { folderOf } from "../support/folder.ts";
import { batchRows } from "../support/sync.ts";

type Sdk = Pick<typeof newer, "SyncClient" | "SyncError" | "Sync">;

const versions: readonly { readonly version: string; readonly sdk: Sdk }[] = [
  { version: "0.3.0", sdk: newer },
  { version: "0.2.3", sdk: older as unknown as Sdk },
];

interface World {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly clientOf: (sdk: Sdk, account?: string) => newer.SyncClient;
}

async function openWorld(): Promise<World> {
  const server = await listenForTest();
  const sandbox = server.app.httpContext.sandboxes.create("sdk", sandboxSettings.parse({ clock: { mode: "frozen" } }));
  return {
    url: server.url,
    sandbox,
    clientOf: (sdk, account = "main") => new sdk.SyncClient({ baseUrl: server.url, apiKey: `fx_sdk_${account}` }),
  };
}

const jsonl = (count: number) =>
  batchRows(count)
    .map((row) => JSON.stringify(row))
    .join("\n");

const fileOf = (content: string): string => join(folderOf({ "batch.jsonl": content }), "batch.jsonl");

describe.each(versions)("@sync.so/sdk $version on batches", ({ sdk }) => {
  it("the SDK creates a batch from a file stream and follows it to its result", async () => {
    const { sandbox, clientOf } = await openWorld();
    const client = clientOf(sdk);
    const file = fileOf(jsonl(20));
    const created = await client.batch.create(createReadStream(file), { webhook_url: "https://hooks.test/batch" });
    expect(created).toMatchObject({ status: "PENDING", webhookUrl: "https://hooks.test/batch", outputUrl: "" });
    if (!("id" in created)) throw new Error("It was only validated.");
    await advance(sandbox, (now) => now + 10_000);
    const done = await client.batch.get(created.id);
    expect(done).toMatchObject({ status: "COMPLETED", metrics: { total_generations: 20, success_count: 20 } });
    const lines = (await (await fetch(done.outputUrl)).text()).trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { request_id: string }).request_id)).toEqual(
      Array.from({ length: 20 }, (_, index) => `row-${index}`),
    );
  });

  it("the SDK validates a batch without creating it", async () => {
    const { clientOf } = await openWorld();
    const client = clientOf(sdk);
    expect(await client.batch.create(new Blob([jsonl(20)]), { dry_run: true })).toEqual({ status: "VALIDATED" });
    expect(await client.batch.list()).toEqual([]);
  });

  it("the SDK lists batches by status and date", async () => {
    const { clientOf } = await openWorld();
    const client = clientOf(sdk);
    const created = await client.batch.create(new Blob([jsonl(20)]), {});
    expect(await client.batch.list({ status: "PENDING", created_after: "2024-01-01T00:00:00Z" })).toEqual([created]);
    expect(await client.batch.list({ status: "COMPLETED" })).toEqual([]);
  });

  it("the SDK throws its own errors for a plan without batches, too few records and an unknown batch", async () => {
    const { clientOf } = await openWorld();
    const { PaymentRequiredError, BadRequestError, NotFoundError } = sdk.Sync;
    await expect(
      clientOf(sdk, "limited").batch.create(new Blob([jsonl(20)]), {}, { maxRetries: 0 }),
    ).rejects.toBeInstanceOf(PaymentRequiredError);
    await expect(clientOf(sdk).batch.create(new Blob([jsonl(3)]), {})).rejects.toBeInstanceOf(BadRequestError);
    await expect(clientOf(sdk).batch.get("batch_unknown")).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe("@sync.so/sdk 0.3.0 on assets", () => {
  it("the SDK lists and reads uploaded assets by type, name and page", async () => {
    const { url, clientOf } = await openWorld();
    const headers = { "x-api-key": "fx_sdk_main", "content-type": "application/json" };
    const post = async (path: string, body: unknown) =>
      (await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json() as Promise<
        Record<string, string>
      >;
    const content = new TextEncoder().encode("moving pictures");
    const slot = await post("/v2/assets/upload", { fileName: "a.mp4", contentType: "video/mp4", size: content.length });
    await fetch(slot.uploadUrl ?? "", { method: "PUT", headers: { "content-type": "video/mp4" }, body: content });
    const asset = await post("/v2/assets", { url: slot.url, type: "VIDEO" });
    await post("/v2/assets", { url: "https://media.test/b.wav", type: "AUDIO", name: "b.wav" });

    const client = clientOf(newer);
    expect(await client.assets.get(asset.id ?? "")).toEqual(asset);
    const videos = await client.assets.list({ types: ["VIDEO", "IMAGE"], searchQuery: "A.MP4", sortBy: "dateDesc" });
    expect(videos).toEqual({ items: [asset], totalCount: 1 });
    const first = await client.assets.list({ limit: 1, sortBy: "nameAsc" });
    const second = await client.assets.list({ limit: 1, sortBy: "nameAsc", cursor: first.nextCursor ?? "" });
    expect([first, second].map(({ items }) => items?.map(({ name }) => name))).toEqual([["a.mp4"], ["b.wav"]]);
  });

  it("the SDK throws its own error for an asset of another organisation", async () => {
    const { clientOf } = await openWorld();
    const missing = clientOf(newer).assets.get("00000000-0000-4000-8000-000000000000");
    await expect(missing).rejects.toBeInstanceOf(newer.Sync.NotFoundError);
  });
});
