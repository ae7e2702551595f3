/** Tests sync with both npm versions of the vendor's SDK, unmodified, over a real socket. */
import { Blob } from "node:buffer";
import { createReadStream } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as newer from "@sync.so/sdk";
import * as older from "sync-sdk-0-2";
import { describe, expect, it } from "vitest";
import { advance } from "../../src/engine/sandbox/advance.ts";
import type { Sandbox } from "../../src/engine/sandbox/sandbox.ts";
import { sandboxSettings, type SandboxSettingsInput } from "../../src/engine/sandbox/settings.ts";
import { renderMedia } from "../../src/media/encode/render.ts";
import { listenForTest } from "../support/server.ts";
import { audio, lipsync, marked, video } from "../support/sync.ts";

const bytes = renderMedia({
  format: "mp4",
  width: 64,
  height: 48,
  durationSeconds: 2,
  title: "face",
  seed: "face",
});

/** The parts that both versions share; their declared types differ only in parts that these tests do not use. */
type Sdk = Pick<typeof newer, "SyncClient" | "SyncError" | "Sync">;
const versions: readonly { readonly version: string; readonly sdk: Sdk }[] = [
  { version: "0.3.0", sdk: newer },
  { version: "0.2.3", sdk: older as unknown as Sdk },
];

interface World {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly clientOf: (sdk: Sdk, apiKey?: string) => newer.SyncClient;
  readonly advance: (byMs: number) => Promise<void>;
  /** Returns the statuses of the answers to an operation's requests, in order. */
  readonly statusesOf: (operation: string) => readonly unknown[];
}

/** Starts a server with one sandbox, whose clock is frozen by default. */
async function openWorld(settings: SandboxSettingsInput = { clock: { mode: "frozen" } }): Promise<World> {
  const server = await listenForTest();
  const sandbox = server.app.httpContext.sandboxes.create("sdk", sandboxSettings.parse(settings));
  return {
    url: server.url,
    sandbox,
    clientOf: (sdk, apiKey = "fx_sdk_main") => new sdk.SyncClient({ baseUrl: server.url, apiKey }),
    advance: async (byMs) => {
      await advance(sandbox, (now) => now + byMs);
    },
    statusesOf: (operation) =>
      server.app.httpContext.journals
        .of(sandbox)
        .entries()
        .filter((entry) => entry.operation === operation)
        .map(({ status }) => status),
  };
}

/** Returns the error that a call throws. */
async function thrownBy(call: PromiseLike<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error("It did not throw.");
}

describe.each(versions)("@sync.so/sdk $version", ({ sdk }) => {
  it("the SDK creates a generation and follows it to its end", async () => {
    const world = await openWorld();
    const { generations } = world.clientOf(sdk);
    const created = await generations.create({ ...lipsync, options: { sync_mode: "loop" }, outputFileName: "my take" });
    expect(created).toMatchObject({ status: "PENDING", model: "lipsync-2", outputFileName: "my_take" });
    await world.advance(1000);
    expect(await generations.get(created.id)).toMatchObject({ status: "PROCESSING" });
    await world.advance(1000);
    const done = await generations.get(created.id);
    expect(done).toMatchObject({ id: created.id, status: "COMPLETED", outputDuration: 10 });
    const file = await fetch(done.outputUrl ?? "");
    expect(file.headers.get("content-type")).toBe("video/mp4");
    expect(Buffer.from(await file.arrayBuffer()).toString("latin1", 4, 8)).toBe("ftyp");
  });

  it("the SDK shows a failure and a rejection with their codes", async () => {
    const world = await openWorld();
    const { generations } = world.clientOf(sdk);
    const failing = await generations.create(marked("fail=generation_input_audio_invalid"));
    const rejected = await generations.create(marked("reject"));
    await world.advance(2000);
    expect(await generations.get(failing.id)).toMatchObject({
      status: "FAILED",
      error_code: "generation_input_audio_invalid",
      error: expect.stringMatching(/audio/) as string,
    });
    expect(await generations.get(rejected.id)).toMatchObject({ status: "REJECTED" });
  });

  it("the SDK uploads files as streams and Blobs, and generates from their assets", async () => {
    const world = await openWorld();
    const { generations } = world.clientOf(sdk);
    const file = join(await mkdtemp(join(tmpdir(), "fauxgen-sdk-")), "face.mp4");
    await writeFile(file, bytes);
    const streamed = await generations.createWithFiles(createReadStream(file), createReadStream(file), {
      model: "lipsync-2",
    });
    const blobbed = await generations.createWithFiles(new Blob([bytes]), undefined, {
      model: "lipsync-2",
      input: [audio],
      options: { sync_mode: "cut_off" },
    });
    expect(streamed.input).toMatchObject([{ type: "video" }, { type: "audio" }]);
    expect(blobbed).toMatchObject({ input: [audio, { type: "video" }], options: { sync_mode: "cut_off" } });
    await world.advance(2000);
    expect(await generations.get(streamed.id)).toMatchObject({ status: "COMPLETED", outputDuration: 2 });
  });

  it("the SDK shows the error of a wrong upload", async () => {
    const world = await openWorld();
    const { generations } = world.clientOf(sdk);
    const error = await thrownBy(generations.createWithFiles(undefined, undefined, { model: "lipsync-2" }));
    expect(error).toBeInstanceOf(sdk.Sync.BadRequestError);
    expect(error).toMatchObject({ body: { message: ["input should not be empty"] } });
  });

  it("the SDK reads a cost estimate as a list", async () => {
    const world = await openWorld();
    expect(await world.clientOf(sdk).generations.estimateCost(lipsync)).toEqual([
      { estimatedFrameCount: 250, estimatedGenerationCost: 0.5 },
    ]);
  });

  it("the SDK throws its own error for each status that it knows", async () => {
    const world = await openWorld();
    const { generations } = world.clientOf(sdk);
    const once = { maxRetries: 0 };
    expect(await thrownBy(generations.create({ ...lipsync, input: [] }))).toBeInstanceOf(sdk.Sync.BadRequestError);
    expect(await thrownBy(generations.get("00000000-0000-0000-0000-000000000000"))).toBeInstanceOf(
      sdk.Sync.NotFoundError,
    );
    const broken = await generations.create(marked("read-error=internal_error"));
    expect(await thrownBy(generations.get(broken.id, once))).toBeInstanceOf(sdk.Sync.InternalServerError);
    for (const key of ["sk-nobody", "fx_sdk_revoked"]) {
      const unauthorized = await thrownBy(world.clientOf(sdk, key).generations.list());
      expect(unauthorized).toBeInstanceOf(sdk.Sync.UnauthorizedError);
      expect(unauthorized).toMatchObject({ body: { message: "Unauthorized", statusCode: 401 } });
    }
  });

  it("the SDK throws a plain SyncError with the body for every other status", async () => {
    const world = await openWorld();
    const once = { maxRetries: 0 };
    const [main, broke] = [world.clientOf(sdk).generations, world.clientOf(sdk, "fx_sdk_broke").generations];
    const limited = world.clientOf(sdk, "fx_sdk_limited").generations;
    await limited.create(lipsync);
    for (const [call, statusCode, errorCode] of [
      [() => broke.create(lipsync), 402, "account_payment_required"],
      [() => main.create({ ...lipsync, input: [video, video, audio] }), 422, "generation_input_too_many_visual"],
      [() => limited.create(lipsync, once), 429, "concurrency_limit_reached"],
      [() => main.create(marked("error=controller_unavailable"), once), 503, "controller_unavailable"],
    ] as const) {
      const error = await thrownBy(call());
      expect(error).toBeInstanceOf(sdk.SyncError);
      expect(error).toMatchObject({ statusCode, body: { statusCode, errorCode } });
    }
  });

  it("a request of the SDK without a key is refused", async () => {
    const world = await openWorld();
    const error = await thrownBy(new sdk.SyncClient({ baseUrl: world.url }).generations.list());
    expect(error).toMatchObject({
      statusCode: 401,
      body: { message: "Either Cookie or x-api-key header must be provided", error: "Unauthorized" },
    });
  });

  it("the SDK can send an Idempotency-Key as a header of one call", async () => {
    const world = await openWorld();
    const { generations } = world.clientOf(sdk);
    const headers = { "Idempotency-Key": "order-1" };
    const first = await generations.create(lipsync, { headers });
    expect(await generations.create(lipsync, { headers })).toEqual(first);
    expect(await generations.list()).toHaveLength(1);
  });

  it("the SDK accepts a base URL with a trailing slash, and shows the raw response", async () => {
    const world = await openWorld();
    const client = new sdk.SyncClient({ baseUrl: `${world.url}/`, apiKey: "fx_sdk_main" });
    const { data, rawResponse } = await client.generations.create(lipsync).withRawResponse();
    expect(rawResponse.status).toBe(201);
    expect(data.status).toBe("PENDING");
  });

  it("the SDK retries after a 429 until a slot is free", async () => {
    const world = await openWorld({ timing: { queued: 100, processing: 400 } });
    const { generations } = world.clientOf(sdk, "fx_sdk_limited");
    const first = await generations.create(lipsync);
    const second = await generations.create(lipsync);
    expect(second.id).not.toBe(first.id);
    expect(world.statusesOf("createGeneration")).toEqual([201, 429, 201]);
  });

  it("the SDK retries after a 500", async () => {
    const world = await openWorld();
    const { generations } = world.clientOf(sdk);
    const created = await generations.create(marked("read-error=internal_error"));
    await thrownBy(generations.get(created.id, { maxRetries: 1 }));
    expect(world.statusesOf("getGeneration")).toEqual([500, 500]);
  });
});

describe("@sync.so/sdk 0.3.0 alone", () => {
  it("SDK 0.3.0 lists with status and ids as JSON text", async () => {
    const world = await openWorld();
    const { generations } = world.clientOf(newer);
    const done = await generations.create(lipsync);
    await world.advance(2000);
    const pending = await generations.create(lipsync);
    const idsOf = async (request: newer.Sync.ListGenerationsRequest) =>
      (await generations.list(request)).map(({ id }) => id);
    expect(await idsOf({})).toEqual([pending.id, done.id]);
    expect(await idsOf({ status: ["PENDING", "PROCESSING"] })).toEqual([pending.id]);
    expect(await idsOf({ ids: [done.id] })).toEqual([done.id]);
    expect(await idsOf({ ids: [done.id], status: ["FAILED"] })).toEqual([]);
  });

  it("SDK 0.3.0 lists the models", async () => {
    const world = await openWorld();
    const listed = await world.clientOf(newer).models.list();
    expect(listed.map(({ name, type }) => [name, type])).toEqual([
      ["sync-3", "lipsync"],
      ["lipsync-2", "lipsync"],
      ["lipsync-2-pro", "lipsync"],
      ["lipsync-1.9.0-beta", "lipsync"],
      ["react-1", "react"],
    ]);
  });

  it("SDK 0.3.0 creates a generation with segments", async () => {
    const world = await openWorld();
    const { generations } = world.clientOf(newer);
    const created = await generations.create({
      ...lipsync,
      input: [video, { ...audio, refId: "a" }],
      segments: [{ startTime: 0, endTime: 2, audioInput: { refId: "a" } }],
    });
    await world.advance(2000);
    const done = await generations.get(created.id);
    expect(done.segmentOutputUrl).toMatch(/^http/);
  });
});

describe("@sync.so/sdk 0.2.3 alone", () => {
  it("SDK 0.2.3 lists with one status as plain text", async () => {
    const world = await openWorld();
    const client = new older.SyncClient({ baseUrl: world.url, apiKey: "fx_sdk_main" });
    const created = await client.generations.create({ model: "lipsync-2", input: [video, audio] });
    const found = await client.generations.list({ status: "PENDING" });
    expect(found.map(({ id }) => id)).toEqual([created.id]);
    expect(await client.generations.list({ status: "FAILED" })).toEqual([]);
  });
});
