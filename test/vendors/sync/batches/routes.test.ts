/** Tests sync's batches, from their form to the result file. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { sync } from "../../../../src/vendors/sync/index.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { audio, batchRows, get, lipsync, marked, post, remove } from "../../../support/sync.ts";
import { control } from "../../../support/control.ts";
import { fetchFile } from "../../../support/requests.ts";

interface Batch {
  readonly id: string;
  readonly status: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly outputUrl: string;
}

interface Line {
  readonly request_id: string;
  readonly response: { readonly id: string; readonly status: string; readonly errorCode: string | null } | null;
}

const create = async (world: TestWorld, ...special: readonly object[]): Promise<Batch> =>
  (await post(world, "/v2/batch", { rows: batchRows(20, ...special) })).json();

const read = async (world: TestWorld, id: string): Promise<Batch> => (await get(world, `/v2/batch/${id}`)).json();

const list = async (world: TestWorld, query = "") =>
  (await get(world, `/v2/batch?${query}`)).json<Batch[]>().map(({ id }) => id);

/** Follows the batch's outputUrl, which needs no key, to its lines. */
async function readLines(world: TestWorld, { outputUrl }: Batch): Promise<Line[]> {
  const redirect = await fetchFile(world, outputUrl);
  expect(redirect.statusCode).toBe(302);
  const file = await fetchFile(world, String(redirect.headers.location));
  expect(file.headers["content-type"]).toContain("jsonl");
  return file.body
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

/** A multipart body with these parts, as the SDK sends one. */
const form = (parts: readonly { readonly name: string; readonly fileName?: string; readonly value: string }[]) => {
  const written = parts.map(({ name, fileName, value }) => {
    const file = fileName === undefined ? "" : `; filename="${fileName}"`;
    return `--b\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
  });
  return `${written.join("")}--b--\r\n`;
};

const postForm = async ({ app }: TestWorld, parts: Parameters<typeof form>[0]) =>
  app.inject({
    method: "POST",
    url: "/v2/batch",
    headers: { "x-api-key": "fx_world_main", "content-type": "multipart/form-data; boundary=b" },
    payload: form(parts),
  });

const jsonl = (records: readonly object[]) => records.map((record) => JSON.stringify(record)).join("\n");

describe("sync's batches", () => {
  it("a batch goes through all its statuses with its generations", async () => {
    const world = await buildTestWorld();
    const created = await create(world);
    expect(created).toMatchObject({
      id: expect.stringMatching(/^batch_[A-Za-z0-9]+$/) as unknown,
      status: "PENDING",
      metrics: { total_generations: 20, success_count: 0, failed_count: 0, pending_count: 0 },
      webhookUrl: null,
      outputUrl: "",
    });
    const seen = [];
    for (const by of ["0ms", "250ms", "250ms", "1500ms"]) {
      await world.advance(by);
      const { status, metrics } = await read(world, created.id);
      seen.push([status, metrics.pending_count, metrics.success_count]);
    }
    expect(seen).toEqual([
      ["PENDING", 0, 0],
      ["JOBS_CREATED", 20, 0],
      ["PROCESSING", 20, 0],
      ["COMPLETED", 0, 20],
    ]);
  });

  it("every row of a batch follows its own scenario and has a line in the result file", async () => {
    const world = await buildTestWorld();
    const { id } = await create(world, marked("fail=generation_input_video_inaccessible"), marked("reject"));
    await world.advance("10s");
    const done = await read(world, id);
    expect(done).toMatchObject({
      status: "COMPLETED",
      metrics: { total_generations: 20, success_count: 18, failed_count: 2, pending_count: 0 },
    });
    const lines = await readLines(world, done);
    expect(lines.map(({ request_id }) => request_id)).toEqual(batchRows(20).map(({ request_id }) => request_id));
    expect(lines.slice(0, 3).map(({ response }) => [response?.status, response?.errorCode])).toEqual([
      ["FAILED", "generation_input_video_inaccessible"],
      ["REJECTED", "generation_input_validation_failed"],
      ["COMPLETED", null],
    ]);
    const generation = await get(world, `/v2/generate/${lines[0]?.response?.id ?? ""}`);
    expect(generation.json()).toEqual(lines[0]?.response);
  });

  it("a batch uses a rule once per row, after all rows were checked", async () => {
    const world = await buildTestWorld();
    await world.app.inject({
      method: "POST",
      url: "/_fauxgen/sandboxes/world/rules",
      body: { when: { vendor: "sync", operation: "createBatch" }, scenario: "fail", times: 3 },
    });
    expect((await post(world, "/v2/batch", { rows: batchRows(20), dry_run: true })).statusCode).toBe(201);
    expect(
      (await post(world, "/v2/batch", { rows: batchRows(20, { model: "lipsync-2", input: [audio] }) })).statusCode,
    ).toBe(422);
    const { id } = await create(world);
    await world.advance("10s");
    expect((await read(world, id)).metrics).toMatchObject({ success_count: 17, failed_count: 3 });
  });

  it("a rule and a verification match a batch row by row, whether its rows are a body or a file", async () => {
    const world = await buildTestWorld();
    const when = { vendor: "sync", operation: "createBatch", body: { model: "sync-3" } };
    expect((await control(world.app, "POST", "sandboxes/world/rules", { when, scenario: "fail" })).status).toBe(201);
    const rows = batchRows(20).map((row, index) =>
      index < 19 ? row : { ...row, payload: { ...lipsync, model: "sync-3" } },
    );
    expect((await post(world, "/v2/batch", { rows })).statusCode).toBe(201);
    expect((await postForm(world, [{ name: "input", fileName: "rows.jsonl", value: jsonl(rows) }])).statusCode).toBe(
      201,
    );
    const [rule] = (await control(world.app, "GET", "sandboxes/world/rules")).body.items;
    const verify = async (body: object, count: number | "never") =>
      control(world.app, "POST", "sandboxes/world/requests/verify", { ...when, body, count });
    expect(rule.hits).toBe(2);
    expect((await verify({ model: "sync-3" }, 2)).status).toBe(200);
    expect((await verify({ model: "sync-3" }, "never")).body.code).toBe("not-verified");
    const missed = (await verify({ model: "sync-9" }, 1)).body.detail;
    expect(missed).toContain('body.model is "lipsync-2", expected "sync-9"');
    const saved = await control(world.app, "GET", "sandboxes/world/bundle");
    expect((await control(world.app, "PUT", "sandboxes/world/bundle", saved.body)).status).toBe(200);
    expect((await verify({ model: "sync-3" }, 2)).status).toBe(200);
  });

  it("a batch is PROCESSING while a row is stuck, and COMPLETED once a test ends that row", async () => {
    const world = await buildTestWorld();
    const { id } = await create(world, marked("stuck"));
    await world.advance("10m");
    expect(await read(world, id)).toMatchObject({
      status: "PROCESSING",
      metrics: { success_count: 19, pending_count: 1 },
    });
    const { sandbox } = world;
    const [stuck] = sandbox.generations.list({ vendor: "sync", phases: ["processing"] }, { order: "oldest" });
    if (stuck === undefined) throw new Error("Nothing is stuck.");
    sandbox.generations.finish(stuck, sandbox.clock.now());
    expect(await read(world, id)).toMatchObject({ status: "COMPLETED", metrics: { success_count: 20 } });
  });

  it("the result file has null for a deleted generation, and the counts still include it", async () => {
    const world = await buildTestWorld();
    const { id } = await create(world);
    await world.advance("10s");
    const [first] = await readLines(world, await read(world, id));
    await remove(world, `/v2/generations/${first?.response?.id ?? ""}`);
    const done = await read(world, id);
    expect(done.metrics).toMatchObject({ total_generations: 20, success_count: 20 });
    expect((await readLines(world, done))[0]).toEqual({ request_id: "row-0", response: null });
  });

  it("reads of a batch advance its generations if reads decide", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ progression: { polls: 1 } }));
    const { id } = await create(world);
    for (let asked = 0; asked < 3; asked += 1)
      await world.send(sync, "main", { method: "HEAD", url: `/v2/batch/${id}` });
    const statuses = [];
    for (let asked = 0; asked < 3; asked += 1) statuses.push((await read(world, id)).status);
    expect(statuses).toEqual(["PENDING", "PROCESSING", "COMPLETED"]);
  });

  it("a batch does not use the concurrency of single generations", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ limits: "enforced" }));
    for (let made = 0; made < 3; made += 1) await create(world);
    const single = await post(world, "/v2/generate", lipsync);
    expect(single.statusCode).toBe(201);
  });

  it("the list of batches is newest first and filters by status and date", async () => {
    const world = await buildTestWorld();
    const { id: first } = await create(world);
    await world.advance("10s");
    const between = new Date(world.sandbox.clock.now() - 1000).toISOString();
    const { id: second } = await create(world);
    expect(await list(world)).toEqual([second, first]);
    expect(await list(world, "status=COMPLETED")).toEqual([first]);
    expect(await list(world, "status=PENDING")).toEqual([second]);
    expect(await list(world, `created_after=${between}`)).toEqual([second]);
    expect(await list(world, `created_before=${between}`)).toEqual([first]);
    const day = between.slice(0, 10);
    expect(await list(world, `created_after=${day}`)).toEqual([second, first]);
    expect(await list(world, `created_before=${day}`)).toEqual([]);
  });

  it("only the owner's key or the token opens a batch's result file", async () => {
    const world = await buildTestWorld();
    const { id } = await create(world);
    const statusFor = async (account: string | null) =>
      (await get(world, `/v2/batches/${id}/result`, { account })).statusCode;
    expect(await statusFor("main")).toBe(400);
    await world.advance("10s");
    expect([await statusFor("main"), await statusFor("other"), await statusFor(null)]).toEqual([302, 404, 404]);
  });
});

describe("the records of a sync batch", () => {
  it("a batch form accepts a JSONL file under either name, with text fields", async () => {
    const world = await buildTestWorld();
    for (const name of ["input", "file"]) {
      const response = await postForm(world, [
        { name, fileName: "batch.jsonl", value: `\uFEFF${jsonl(batchRows(20))}\n\n` },
        { name: "webhook_url", value: "https://hooks.test/batch" },
      ]);
      expect([response.statusCode, response.json()]).toMatchObject([
        201,
        { status: "PENDING", webhookUrl: "https://hooks.test/batch", metrics: { total_generations: 20 } },
      ]);
    }
    expect(world.sandbox.store.uploads.bytesIn(world.sandbox.rowId)).toBe(0);
  });

  it("an empty part of a batch form is a field that is not set", async () => {
    const world = await buildTestWorld();
    const lines = { name: "input", fileName: "batch.jsonl", value: jsonl(batchRows(20)) };
    const empty = [
      { name: "webhook_url", value: "" },
      { name: "dry_run", value: "" },
    ];
    const response = await postForm(world, [lines, ...empty]);
    expect([response.statusCode, response.json()]).toMatchObject([201, { status: "PENDING", webhookUrl: null }]);
    expect((await postForm(world, [{ name: "input", value: "" }, ...empty])).json()).toMatchObject({
      statusCode: 400,
      message: "input should not be empty",
    });
  });

  it("dry_run checks the records and creates nothing", async () => {
    const world = await buildTestWorld();
    const valid = await postForm(world, [
      { name: "input", fileName: "batch.jsonl", value: jsonl(batchRows(20)) },
      { name: "dry_run", value: "true" },
    ]);
    expect(valid.json()).toEqual({ status: "VALIDATED" });
    expect((await post(world, "/v2/batch", { rows: batchRows(20), dry_run: true })).json()).toEqual({
      status: "VALIDATED",
    });
    expect(await list(world)).toEqual([]);
    expect((await post(world, "/v2/batch", { rows: batchRows(19), dry_run: true })).statusCode).toBe(400);
  });

  it("one wrong row refuses the whole batch, and the error names the row", async () => {
    const world = await buildTestWorld();
    const refusal = async (second: object) => {
      const records = batchRows(20).map((record, index) => (index === 1 ? { ...record, ...second } : record));
      const { statusCode, message, errorCode } = (await post(world, "/v2/batch", { rows: records })).json<
        Record<string, unknown>
      >();
      return [statusCode, errorCode, String(message)];
    };
    expect(await refusal({ endpoint: "/v2/tts" })).toEqual([400, undefined, "rows.1.endpoint must be /v2/generate"]);
    expect(await refusal({ payload: { model: "lipsync-2", input: [{ ...audio, url: "nowhere" }] } })).toEqual([
      400,
      undefined,
      "rows.1.payload.input.0.url must be a URL address",
    ]);
    expect(await refusal({ request_id: "row-0" })).toEqual([
      400,
      undefined,
      "Row 2 (request_id row-0): request_id row-0 is not unique",
    ]);
    expect(await refusal({ payload: { ...lipsync, model: "lipsync-9" } })).toEqual([
      400,
      "generation_unsupported_model",
      "Row 2 (request_id row-1): This model is not supported for the selected generation type.",
    ]);
    expect(await refusal({ payload: marked("no-such-scenario") })).toEqual([
      400,
      undefined,
      expect.stringContaining('row 2 (request_id row-1): No scenario "no-such-scenario"') as unknown,
    ]);
    expect(world.sandbox.generations.count({ vendor: "sync" })).toBe(0);
  });

  it("a line that is not JSON refuses the batch, and the error names the line", async () => {
    const world = await buildTestWorld();
    const value = `${jsonl(batchRows(2))}\n{"request_id":\n`;
    const response = await postForm(world, [{ name: "input", fileName: "batch.jsonl", value }]);
    expect([response.statusCode, response.json()]).toMatchObject([400, { message: "Line 3 is not valid JSON" }]);
    expect((await postForm(world, [{ name: "dry_run", value: "true" }])).json()).toMatchObject({
      message: "input should not be empty",
    });
  });

  it("a batch has at most 500 records in 5 MB", async () => {
    const world = await buildTestWorld();
    expect((await post(world, "/v2/batch", { rows: batchRows(500) })).statusCode).toBe(201);
    expect((await post(world, "/v2/batch", { rows: batchRows(501) })).json()).toMatchObject({
      message: ["rows must contain no more than 500 elements"],
    });
    const value = jsonl(batchRows(20).map((record) => ({ ...record, padding: "x".repeat(300_000) })));
    const response = await postForm(world, [{ name: "input", fileName: "batch.jsonl", value }]);
    expect([response.statusCode, response.json()]).toMatchObject([
      413,
      { errorCode: "generation_input_validation_failed" },
    ]);
  });
});
