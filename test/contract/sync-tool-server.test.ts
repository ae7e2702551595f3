/**
 * Tests what sync's tool server does with the emulator: it reads the OpenAPI document, offers each operation as a tool
 * whose arguments have the document's types, and calls it with a login's token. The checks of arguments are written as
 * in the vendor's public code, which npm does not have.
 */
import { describe, expect, it } from "vitest";
import { advance } from "../../src/engine/sandbox/advance.ts";
import { listenForTest } from "../support/server.ts";

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

type Args = Readonly<Record<string, unknown>>;

/** Returns whether a tool with this schema takes the argument; a schema without a type takes any. */
function takes({ type, enum: values, items, properties, required = [] }: Schema, value: unknown): boolean {
  if (values !== undefined) return values.includes(value);
  switch (type) {
    case "string":
      return typeof value === "string";
    case "number":
    case "integer":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "array":
      return Array.isArray(value) && (items === undefined || value.every((each) => takes(items, each)));
    case "object": {
      if (typeof value !== "object" || value === null) return false;
      const given = new Map(Object.entries(value));
      const hasAll = required.every((name) => given.has(name));
      return (
        hasAll &&
        Object.entries(properties ?? {}).every(([name, schema]) => !given.has(name) || takes(schema, given.get(name)))
      );
    }
    default:
      return true;
  }
}

async function openToolServer() {
  const { url, app } = await listenForTest();
  const sandbox = app.httpContext.sandboxes.obtain("tools");
  sandbox.clock.freeze();
  const document = (await (await fetch(`${url}/api-json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const tools = new Map(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [operation.operationId, { path, method, operation }] as const,
      ),
    ),
  );
  /** Checks the arguments as the tool server does, and calls the operation. */
  const call = async (id: string, args: Args = {}, headers: Readonly<Record<string, string>> = {}) => {
    const tool = tools.get(id);
    if (tool === undefined) throw new Error(`The document has no operation ${id}.`);
    const { path, method, operation } = tool;
    const parameters = operation.parameters ?? [];
    const body = operation.requestBody?.content["application/json"]?.schema;
    const schemas = new Map([
      ...parameters.map(({ name, schema }) => [name, schema] as const),
      ...Object.entries(body?.properties ?? {}),
    ]);
    for (const [name, value] of Object.entries(args)) {
      const schema = schemas.get(name);
      expect([id, name, schema !== undefined && takes(schema, value)]).toEqual([id, name, true]);
    }
    const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(args[name])));
    const query = new URLSearchParams();
    for (const { name, in: place } of parameters)
      if (place === "query" && name in args) query.set(name, String(args[name]));
    const names = new Set(parameters.map(({ name }) => name));
    const sent = Object.fromEntries(Object.entries(args).filter(([name]) => !names.has(name)));
    const response = await fetch(`${url}${target}${query.size > 0 ? `?${query.toString()}` : ""}`, {
      method: method.toUpperCase(),
      headers: {
        authorization: "Bearer fx_tools_main",
        "x-sync-source": "mcp:claude",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(sent) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as Args };
  };
  return { url, sandbox, tools, call };
}

const video = { type: "video", url: "https://assets.sync.so/docs/example-video.mp4" };
const audio = { type: "audio", url: "https://assets.sync.so/docs/example-audio.wav" };

describe("the vendor's tool server", () => {
  it("its tools take progress as a text, and a wait of 55 s", async () => {
    const { call, sandbox } = await openToolServer();
    const { body } = await call("GenerateController_createGeneration", { model: "lipsync-2", input: [video, audio] });
    const { id } = body;
    expect(await call("GenerateController_getGeneration", { id, include: "progress" })).toMatchObject({
      status: 200,
      body: { progress_percent: 0 },
    });
    await advance(sandbox, (now) => now + 60_000);
    expect(await call("GenerateController_getGeneration", { id, wait: true, timeout: 55 })).toMatchObject({
      status: 200,
      body: { status: "COMPLETED" },
    });
    expect(await call("GenerateController_getGenerations", { status: ["COMPLETED"], limit: 5 })).toMatchObject({
      status: 200,
      body: [{ id }],
    });
    expect(await call("GenerateController_countGenerations", { generationSource: "claude" })).toMatchObject({
      body: { count: 1 },
    });
    expect(await call("GenerateController_getGenerationCosts", { id })).toMatchObject({
      body: { totalCostUsd: "0.5" },
    });
  });

  it("reads the account, voices and models, and sends feedback", async () => {
    const { call } = await openToolServer();
    expect(await call("AccountController_get")).toMatchObject({ status: 200, body: { credentialType: "oauth" } });
    expect((await call("VoicesController_getVoices", { provider: "elevenlabs" })).status).toBe(200);
    expect((await call("ModelsController_get")).status).toBe(200);
    const report = { kind: "docs", message: "The page is cut.", tool: "lipsync_create", severity: "blocker" };
    expect((await call("FeedbackController_submit", report)).status).toBe(201);
    const estimate = { model: "sync-3", duration: 12, fps: 25, workflow: "translate-and-dub" };
    expect(await call("GenerateController_estimateCost", estimate)).toMatchObject({
      body: { breakdown: { dubbing: { billing: "external" } } },
    });
  });

  it("edits the dialogue of a saved video, from the upload to the generation", async () => {
    const { call, sandbox } = await openToolServer();
    const projectId = (await call("ProjectsController_create", { name: "Edit" })).body.id;
    const slot = (
      await call("AssetsController_createUploadUrl", { fileName: "v.mp4", contentType: "video/mp4", size: 5 })
    ).body;
    await fetch(String(slot.uploadUrl), { method: "PUT", headers: { "content-type": "video/mp4" }, body: "bytes" });
    const asset = (await call("AssetsController_create", { url: slot.url, type: "VIDEO" })).body;
    expect((await call("ProjectsController_attachAsset", { id: projectId, assetId: asset.id })).status).toBe(204);
    const source = { sourceVideoUrl: asset.url, projectId };
    const job = await call("TranscriptionsController_create", { ...source, maxSourceSeconds: 600 });
    expect(job.status).toBe(201);
    await advance(sandbox, (now) => now + 60_000);
    const { transcript } = (await call("TranscriptionsController_get", { id: job.body.id })).body;
    const edits = [{ kind: "change", wordId: "w1", replacement: "Goodbye" }];
    const preview = await call("DialogueEditsController_create", { ...source, transcript, edits });
    expect(preview.status).toBe(201);
    await advance(sandbox, (now) => now + 60_000);
    const done = (await call("DialogueEditsController_get", { id: preview.body.id })).body;
    expect(done).toMatchObject({ status: "COMPLETED", sourceVideoUrl: asset.url, sourceTranscript: transcript, edits });
    const create = {
      projectId,
      model: "sync-3",
      input: [{ type: "video", assetId: asset.id }],
      dialogueEdit: { id: done.id },
      options: { active_speaker_detection: { auto_detect: true } },
    };
    expect(await call("AnalyzeController_estimateCost", create)).toMatchObject({
      status: 200,
      body: { estimatedCredits: null },
    });
    const made = await call("GenerateController_createGeneration", create, { "idempotency-key": "dialogue-1" });
    expect([made.status, made.body]).toMatchObject([201, { status: "PENDING", projectId }]);
  });
});
