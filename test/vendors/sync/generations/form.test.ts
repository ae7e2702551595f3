/** Tests POST /v2/generate with files in a form. */
import { describe, expect, it } from "vitest";
import { renderMedia } from "../../../../src/media/encode/render.ts";
import type { Sandbox } from "../../../../src/engine/sandbox/sandbox.ts";
import { postJson } from "../../../support/requests.ts";
import { listenForTest } from "../../../support/server.ts";
import { audio, text, video } from "../../../support/sync.ts";

const KEY = "fx_forms_main";
const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;

const media = { width: 64, height: 48, durationSeconds: 2, title: "a", seed: "a" };
const face = new Blob([new Uint8Array(renderMedia({ ...media, format: "mp4" }))], { type: "video/mp4" });
const speech = new Blob([new Uint8Array(renderMedia({ ...media, format: "wav" }))], { type: "audio/wav" });
const portrait = new Blob([new Uint8Array(renderMedia({ ...media, format: "png" }))], { type: "image/png" });

type Part = readonly [name: string, value: string | Blob, fileName?: string];

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function openWorld(): Promise<{
  url: string;
  sandbox: Sandbox;
  post: (parts: readonly Part[], headers?: Record<string, string>) => Promise<Answer>;
}> {
  const { url, app } = await listenForTest();
  const sandbox = app.httpContext.sandboxes.obtain("forms");
  return {
    url,
    sandbox,
    post: async (parts, headers = {}) => {
      const form = new FormData();
      for (const [name, value, fileName] of parts) {
        if (typeof value === "string") form.append(name, value);
        else form.append(name, value, fileName ?? `${name}.bin`);
      }
      const response = await fetch(`${url}/v2/generate`, {
        method: "POST",
        headers: { "x-api-key": KEY, ...headers },
        body: form,
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
  };
}

const assetsOf = (sandbox: Sandbox): { type: string; name: string; durationSeconds?: number }[] =>
  sandbox.store.resources
    .ofAccount(sandbox.account("main").id, "sync", "asset")
    .map(({ document }) => JSON.parse(document) as { type: string; name: string });

const model: Part = ["model", "lipsync-2"];

describe("POST /v2/generate as a form", () => {
  it("empty parts are absent fields, as the Python SDK sends fields that are not set", async () => {
    const { post } = await openWorld();
    const unset = [
      "options",
      "segments",
      "dubParams",
      "dialogueEdit",
      "projectId",
      "webhookUrl",
      "outputFileName",
      "input",
    ];
    const parts: Part[] = [
      ...unset.map((name): Part => [name, ""]),
      model,
      ["input", JSON.stringify(video)],
      ["input", JSON.stringify(audio)],
    ];
    const { status, body } = await post(parts);
    expect([status, body]).toMatchObject([
      201,
      { input: [video, audio], options: null, segments: null, webhookUrl: null, outputFileName: null, projectId: null },
    ]);
    expect(await post([["model", ""], ...parts.slice(0, 8), ["input", JSON.stringify(video)]])).toMatchObject({
      status: 400,
      body: { message: [expect.stringContaining("model")] },
    });
  });

  it.each<[string, readonly Part[]]>([
    [
      "one part per item",
      [
        ["input", JSON.stringify(video)],
        ["input", JSON.stringify(audio)],
      ],
    ],
    ["one part with an array", [["input", JSON.stringify([video, audio])]]],
    [
      "several arrays",
      [
        ["input", JSON.stringify([video])],
        ["input", JSON.stringify([audio])],
      ],
    ],
  ])("a form accepts the input as %s", async (_encoding, parts) => {
    const { post } = await openWorld();
    const { status, body } = await post([model, ...parts]);
    expect(status).toBe(201);
    expect(body.input).toEqual([video, audio]);
  });

  it("files without an input become assets and give the output its length and size", async () => {
    const { post, sandbox } = await openWorld();
    const { status, body } = await post([model, ["video", face, "me.mp4"], ["audio", speech, "take 1.wav"]]);
    expect(status).toBe(201);
    expect(body.input).toEqual([
      { type: "video", assetId: uuid },
      { type: "audio", assetId: uuid },
    ]);
    expect(assetsOf(sandbox)).toMatchObject([
      { type: "VIDEO", name: "me.mp4", durationSeconds: 2, width: 64, height: 48 },
      { type: "AUDIO", name: "take 1.wav", durationSeconds: 2 },
    ]);
  });

  it("a file replaces the url of the item of its kind and keeps the item's other fields", async () => {
    const { post } = await openWorld();
    const { body } = await post([
      model,
      [
        "input",
        JSON.stringify([
          { ...audio, refId: "a" },
          { ...video, refId: "v" },
        ]),
      ],
      ["segments", JSON.stringify([{ startTime: 0, endTime: 1, audioInput: { refId: "a" } }])],
      ["video", face],
    ]);
    expect(body.input).toEqual([
      { ...audio, refId: "a" },
      { type: "video", refId: "v", assetId: uuid },
    ]);
  });

  it("a file fills an item without a url, as ComfyUI sends it", async () => {
    const { post } = await openWorld();
    const { status, body } = await post([
      model,
      ["input", JSON.stringify([{ type: "video" }, { type: "audio" }])],
      ["video", face],
      ["audio", speech],
    ]);
    expect(status).toBe(201);
    expect(body.input).toMatchObject([{ assetId: uuid }, { assetId: uuid }]);
  });

  it("a form accepts an image for sync-3, a text input with a file, and every other field", async () => {
    const { post } = await openWorld();
    const { status, body } = await post([
      ["model", "sync-3"],
      ["image", portrait],
      ["input", JSON.stringify(text)],
      ["options", JSON.stringify({ sync_mode: "loop" })],
      ["webhookUrl", "http://127.0.0.1:9/hook"],
      ["outputFileName", "my take"],
    ]);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      input: [text, { type: "image", assetId: uuid }],
      options: { sync_mode: "loop" },
      webhookUrl: "http://127.0.0.1:9/hook",
      outputFileName: "my_take",
    });
  });

  it("a form field can have a scenario marker", async () => {
    const { post, sandbox } = await openWorld();
    await post([model, ["video", face], ["audio", speech], ["outputFileName", "fauxgen:fail"]]);
    expect(sandbox.generations.list({}, { order: "newest" })[0]?.scenario.name).toBe("fail");
  });

  it.each<[string, number, readonly Part[]]>([
    ["a file under another name", 400, [model, ["movie", face], ["audio", speech]]],
    ["two files of one kind", 400, [model, ["video", face], ["video", face]]],
    ["an input that is not JSON", 400, [model, ["input", "video"]]],
    ["an input that is not an object", 400, [model, ["input", "[1]"]]],
    [
      "no model",
      400,
      [
        ["video", face],
        ["audio", speech],
      ],
    ],
    ["no audio", 422, [model, ["video", face]]],
    [
      "an unknown model",
      400,
      [
        ["model", "gpt-5"],
        ["video", face],
        ["audio", speech],
      ],
    ],
    ["more than 32 fields", 413, [model, ...Array.from({ length: 32 }, (_, index): Part => [`f${index}`, "1"])]],
    ["more than three files", 413, [model, ...["video", "audio", "image", "video"].map((name): Part => [name, face])]],
    ["a field above 1 MiB", 413, [model, ["options", "x".repeat(1024 * 1024 + 1)]]],
  ])("a form with %s answers %d and stores nothing", async (_what, status, parts) => {
    const { post, sandbox } = await openWorld();
    expect(await post(parts)).toMatchObject({ status, body: { statusCode: status } });
    expect(assetsOf(sandbox)).toEqual([]);
    expect(sandbox.store.uploads.bytesIn(sandbox.rowId)).toBe(0);
    expect(sandbox.generations.count({})).toBe(0);
  });

  it("a truncated form answers 400", async () => {
    const { url, sandbox } = await openWorld();
    const response = await fetch(`${url}/v2/generate`, {
      method: "POST",
      headers: { "x-api-key": KEY, "content-type": "multipart/form-data; boundary=b" },
      body: '--b\r\ncontent-disposition: form-data; name="video"; filename="a.mp4"\r\n\r\nbytes',
    });
    expect(response.status).toBe(400);
    expect(sandbox.store.uploads.bytesIn(sandbox.rowId)).toBe(0);
  });

  it("a file over the sandbox's limit answers 413 with the documented code", async () => {
    const { post, sandbox } = await openWorld();
    sandbox.saveSettings({ uploadLimits: { perFile: 1000 } });
    const { status, body } = await post([model, ["video", new Blob([new Uint8Array(2000)])], ["audio", speech]]);
    expect({ status, body }).toMatchObject({ status: 413, body: { errorCode: "generation_input_validation_failed" } });
  });

  it("one Idempotency-Key creates one generation, even for copies of a form sent at the same time", async () => {
    const { post, sandbox } = await openWorld();
    const headers = { "idempotency-key": "form-1" };
    const send = () => post([model, ["video", face], ["audio", speech]], headers);
    const answers = await Promise.all([send(), send(), send()]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(assetsOf(sandbox)).toHaveLength(2);
    expect(sandbox.store.uploads.bytesIn(sandbox.rowId)).toBe(face.size + speech.size);
    const other = await post([model, ["video", speech], ["audio", speech]], headers);
    expect(other).toMatchObject({ status: 409, body: { errorCode: "generation_conflict" } });
  });
});

describe("the form of POST /v2/generate in rules and verifications", () => {
  const parts: readonly Part[] = [model, ["input", JSON.stringify([audio])], ["video", face, "face.mp4"]];
  const when = {
    body: {
      model: "lipsync-2",
      input: { $contains: { type: "audio" } },
      video: { name: "face.mp4", contentType: "video/mp4", bytes: { $gt: 100 }, sha256: { $regex: "^[0-9a-f]{64}$" } },
    },
  };

  it("is its fields and its files, before and after the vendor refuses it", async () => {
    const { sandbox, post, url } = await openWorld();
    const control = async (path: string, body: unknown) =>
      (await postJson(`${url}/_fauxgen/sandboxes/forms/${path}`, body)).status;
    expect(await control("rules", { when, fault: { status: 503 }, times: 1 })).toBe(201);
    expect((await post(parts)).status).toBe(503);
    expect(assetsOf(sandbox)).toEqual([]);
    expect(sandbox.store.uploads.bytesIn(sandbox.rowId)).toBe(0);
    expect((await post(parts)).status).toBe(201);
    expect(await control("requests/verify", { ...when, count: 2 })).toBe(200);
    const odd = [model, ["clip", face, "clip.mp4"]] as const;
    expect((await post(odd)).status).toBe(400);
    expect(await control("requests/verify", { body: { model: "lipsync-2", clip: { name: "clip.mp4" } } })).toBe(200);
  });
});

describe("a form that cannot be used", () => {
  const send = async (body: string): Promise<[number, unknown, string | null]> => {
    const { url } = await listenForTest();
    const response = await fetch(`${url}/v2/generate`, {
      method: "POST",
      headers: { "x-api-key": KEY, "content-type": "multipart/form-data; boundary=abc" },
      body,
    });
    const { message } = (await response.json()) as { message: unknown };
    return [response.status, message, response.headers.get("x-fauxgen-diagnostic")];
  };
  const field = 'content-disposition: form-data; name="model"\r\n\r\nlipsync-2\r\n';

  it.each([
    ["another boundary", `--x\r\n${field}--x--\r\n`],
    ["no end", `--abc\r\n${field}`],
  ])("for %s is told with the boundary of its header", async (_what, body) => {
    expect(await send(body)).toEqual([
      400,
      "Multipart: Unexpected end of form",
      expect.stringContaining('BODY_NOT_READ: The form is cut off, or its parts do not begin with the boundary "abc"'),
    ]);
  });

  it("for a file of an unknown name is told with the nearest", async () => {
    const file = 'content-disposition: form-data; name="vidoe"; filename="v.mp4"\r\n\r\n000\r\n';
    expect(await send(`--abc\r\n${file}--abc--\r\n`)).toEqual([
      400,
      "Unexpected field - vidoe",
      "PARAMETER_UNKNOWN: body.vidoe is a file that this route does not read. Did you mean video?",
    ]);
  });
});
