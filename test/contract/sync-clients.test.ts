/**
 * Tests clients of sync that use no SDK, as in their public code: polling loops, held requests, forms and probes, over
 * plain HTTP and a real socket. Each read advances the sandbox, so that no loop has to sleep.
 */
import { once } from "node:events";
import { request as sendRequest } from "node:http";
import { describe, expect, it } from "vitest";
import { advance } from "../../src/engine/sandbox/advance.ts";
import type { Sandbox } from "../../src/engine/sandbox/sandbox.ts";
import { sandboxSettings, type SandboxSettingsInput } from "../../src/engine/sandbox/settings.ts";
import { listenForTest } from "../support/server.ts";

interface Generation {
  readonly id: string;
  readonly status: string;
  readonly input: unknown;
  readonly error: string | null;
  readonly outputUrl: string | null;
  readonly segmentOutputUrl: string | null;
}

const video = { type: "video", url: "https://assets.sync.so/docs/example-video.mp4" };
const audio = { type: "audio", url: "https://assets.sync.so/docs/example-audio.wav" };

interface Client {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly call: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;
  readonly get: (path: string) => Promise<Generation>;
  readonly create: (body: unknown) => Promise<Generation>;
}

async function openClient(
  settings: SandboxSettingsInput = { progression: { polls: 2 } },
  headers: Record<string, string> = { "x-api-key": "fx_clients_main" },
): Promise<Client> {
  const { url, app } = await listenForTest();
  const sandbox = app.httpContext.sandboxes.create("clients", sandboxSettings.parse(settings));
  const call: Client["call"] = async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  return {
    url,
    sandbox,
    call,
    get: async (path) => (await call("GET", path)).body as Generation,
    create: async (body) => (await call("POST", "/v2/generate", body)).body as Generation,
  };
}

describe("the loop of the vendor's quickstart", () => {
  it.each([
    ["a success", video.url, "COMPLETED"],
    ["a failure", "https://media.test/fauxgen:fail=generation_input_video_inaccessible.mp4", "FAILED"],
  ])("the quickstart's loop ends with %s", async (_what, url, expected) => {
    const { create, get } = await openClient();
    let generation = await create({ model: "lipsync-2", input: [{ ...video, url }, audio] });
    const seen = [generation.status];
    while (!["COMPLETED", "FAILED"].includes(generation.status)) {
      generation = await get(`/v2/generate/${generation.id}`);
      seen.push(generation.status);
    }
    expect(seen).toEqual(["PENDING", "PENDING", "PENDING", "PROCESSING", "PROCESSING", expected]);
    if (expected === "FAILED") return;
    const file = await fetch(generation.outputUrl ?? "", { redirect: "follow" });
    expect(file.status).toBe(200);
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(1000);
  });
});

describe("the vendor's tool server", () => {
  it("a Bearer token authenticates only with the tool server's x-sync-source", async () => {
    const authorization = "Bearer fx_clients_main";
    const tagged = await openClient({}, { authorization, "x-sync-source": "mcp:claude" });
    expect((await tagged.call("GET", "/v2/models")).status).toBe(200);
    const untagged = await openClient({}, { authorization });
    expect(await untagged.call("GET", "/v2/models")).toMatchObject({
      status: 401,
      body: { message: "Either Cookie or x-api-key header must be provided" },
    });
  });

  it("the tool server waits for a result in held requests of 55 s each", async () => {
    const { create, get, sandbox } = await openClient({
      clock: { mode: "frozen" },
      timing: { queued: "10s", processing: "60s" },
    });
    const { id } = await create({ model: "lipsync-2", input: [video, audio] });
    const statuses: string[] = [];
    while (!statuses.includes("COMPLETED")) {
      const waiting = get(`/v2/generate/${id}?wait=true&timeout=55`);
      while (sandbox.heldRequests.count === 0) await new Promise((resolve) => setImmediate(resolve));
      await advance(sandbox, (now) => now + 55_000);
      statuses.push((await waiting).status);
    }
    expect(statuses).toEqual(["PROCESSING", "COMPLETED"]);
  });
});

describe("the ComfyUI node", () => {
  it("sends files in a form, polls, and downloads both outputs", async () => {
    const { url, get } = await openClient();
    const form = new FormData();
    form.append("model", "lipsync-2");
    form.append("input", JSON.stringify([{ type: "video", segments_secs: [[0, 1]] }, { type: "audio" }]));
    form.append("options", JSON.stringify({ sync_mode: "cut_off", active_speaker: true }));
    form.append("video", new Blob(["not really a video"]), "face.mp4");
    form.append("audio", new Blob(["not really a sound"]), "speech.wav");
    const created = await fetch(`${url}/v2/generate`, {
      method: "POST",
      headers: { "x-api-key": "fx_clients_main", "x-sync-source": "comfyui" },
      body: form,
    });
    expect(created.status).toBe(201);
    let generation = (await created.json()) as Generation;
    while (generation.status !== "COMPLETED") generation = await get(`/v2/generate/${generation.id}`);
    for (const output of [generation.outputUrl, generation.segmentOutputUrl])
      expect((await fetch(output ?? "")).headers.get("content-type")).toBe("video/mp4");
    expect(await get("/v2/generations?source=comfyui")).toMatchObject([{ id: generation.id }]);
  });
});

describe("the vendor's Adobe extension", () => {
  it("the Adobe extension lists, creates, polls and falls back to the other route", async () => {
    const { call, create, get } = await openClient();
    expect((await call("GET", "/v2/models")).body).toBeInstanceOf(Array);
    const { id } = await create({ model: "lipsync-2-pro", input: [video, audio], options: { sync_mode: "loop" } });
    expect((await call("GET", "/v2/generations?status=PENDING")).body).toMatchObject([{ id }]);
    let generation = await get(`/v2/generate/${id}`);
    while (generation.status !== "COMPLETED") generation = await get(`/v2/generations/${id}`);
    const cost = await call("POST", "/v2/analyze/cost", { model: "lipsync-2-pro", input: [video, audio] });
    expect(cost.body).toEqual([{ estimatedFrameCount: 250, estimatedGenerationCost: 0.833 }]);
  });
});

describe("web applications", () => {
  it("a web application tests its key with an unknown id", async () => {
    const probe = "/v2/generate/00000000-0000-0000-0000-000000000000";
    const good = await openClient();
    expect(await good.call("GET", probe)).toMatchObject({ status: 404, body: { statusCode: 404 } });
    const bad = await openClient({}, { "x-api-key": "sk-wrong" });
    expect((await bad.call("GET", probe)).status).toBe(401);
  });

  it("a DELETE of a running generation is refused", async () => {
    const { call, create, get } = await openClient();
    const { id } = await create({ model: "lipsync-2", input: [video, audio] });
    expect(await call("DELETE", `/v2/generations/${id}`)).toMatchObject({
      status: 409,
      body: { errorCode: "generation_not_deletable_while_processing" },
    });
    expect((await get(`/v2/generate/${id}`)).status).toBe("PENDING");
  });

  it("an Idempotency-Key that is sent twice is refused", async () => {
    const { url } = await openClient();
    const sent = sendRequest(`${url}/v2/generate`, {
      method: "POST",
      headers: {
        "x-api-key": "fx_clients_main",
        "content-type": "application/json",
        "idempotency-key": ["order-1", "order-1"],
      },
    });
    sent.end(JSON.stringify({ model: "lipsync-2", input: [video, audio] }));
    const [response] = (await once(sent, "response")) as [AsyncIterable<Buffer> & { statusCode: number }];
    expect(response.statusCode).toBe(400);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ errorCode: "INVALID_IDEMPOTENCY_KEY" });
  });
});
