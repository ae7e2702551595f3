/** Tests how oxen's queue accepts, refuses and shows generations. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { oxen } from "../../../../src/vendors/oxen/index.ts";
import { control } from "../../../support/control.ts";
import { buildOxenWorld, expectPublished, image, video } from "../../../support/oxen.ts";

const QUEUE = "/api/ai/queue";
const NOBODYS = "00000000-0000-4000-8000-000000000000";

describe("POST /api/ai/queue", () => {
  it("an enqueue answers 200 with one queued entry per requested generation", async () => {
    const { post } = await buildOxenWorld();
    const answer = await post(QUEUE, { ...image, num_generations: 3 });
    expectPublished(answer, "createGeneration", "queued");
    expect(answer.status).toBe(200);
    expect(answer.body.generations).toHaveLength(3);
  });

  it.each([0, 5, 1.5, "2", null])("an enqueue of %j generations gets the documented error", async (num_generations) => {
    const { post, get } = await buildOxenWorld();
    const answer = await post(QUEUE, { ...image, num_generations });
    expectPublished(answer, "createGeneration", "invalid_params");
    expect(answer.body).toMatchObject({ error: { detail: "num_generations must be an integer between 1 and 4" } });
    expect((await get(QUEUE)).body).toEqual({ count: 0, generations: [] });
  });

  it("an enqueue accepts up to twelve generations in vintage 0.243", async () => {
    const { post, sandbox } = await buildOxenWorld();
    sandbox.saveSettings(sandboxSettings.parse({ vintages: { oxen: "0.243" } }));
    const answer = await post(QUEUE, { ...image, num_generations: 12 });
    expectPublished(answer, "createGeneration", "queued", "0.243");
    expect(answer.body.generations).toHaveLength(12);
    expect((await post(QUEUE, { ...image, num_generations: 13 })).body).toMatchObject({
      error: { detail: "num_generations must be an integer between 1 and 12" },
    });
  });

  it("a row echoes numbers with the digits that were sent, in the queue and in the history", async () => {
    const { app, sandbox, get } = await buildOxenWorld();
    const sent = '"seed":9007199254740993,"strength":5.0,"scale":1e400,"steps":[1.50,2]';
    const headers = { "content-type": "application/json", authorization: `Bearer fx_${sandbox.name}_main` };
    const payload = `{"model":"some-open-model","prompt":"an ox at dawn",${sent}}`;
    const { statusCode, body } = await app.inject({ method: "POST", url: QUEUE, headers, payload });
    expect(statusCode).toBe(200);
    expect((await get(QUEUE)).body).toMatchObject({ count: 1 });
    const [{ generation_id }] = (JSON.parse(body) as { generations: [{ generation_id: string }] }).generations;
    const row = await app.inject({
      url: `${QUEUE}/${generation_id}`,
      headers: { authorization: headers.authorization },
    });
    expect(row.body).toContain(sent);
    sandbox.forgetUnwritten();
    const again = await app.inject({ url: `${QUEUE}`, headers: { authorization: headers.authorization } });
    expect(again.body).toContain(sent);
  });

  it("an unknown model is named in an error of shape B", async () => {
    const { post } = await buildOxenWorld();
    const answer = await post(QUEUE, { ...image, model: "bad-model-name" });
    expectPublished(answer, "createGeneration", "model_not_found");
    expect(answer).toMatchObject({ status: 404, body: { error: { message: "Model not found: bad-model-name" } } });
  });

  it.each(["claude-sonnet-4-6", "gpt-4o-mini", "llama-4-maverick"])(
    "an enqueue refuses the text model %s with an error of shape C",
    async (model) => {
      const { post } = await buildOxenWorld();
      const answer = await post(QUEUE, { ...image, model });
      expectPublished(answer, "createGeneration", "unsupported_media_type");
      expect(answer).toMatchObject({ status: 400, body: { error: { detail: ":unsupported_media_type" } } });
    },
  );

  it("an open catalogue accepts an unknown model, and a diagnostic names the guess", async () => {
    const { post, row } = await buildOxenWorld();
    const answer = await post(QUEUE, { model: "hailuo-9", prompt: "waves", duration: 6 });
    expect(answer.headers["x-fauxgen-diagnostic"]).toContain("MODEL_NOT_IN_CATALOGUE");
    const [{ generation_id } = { generation_id: "" }] = answer.body.generations as { generation_id: string }[];
    expect(await row(generation_id)).toMatchObject({ model_name: "hailuo-9", media_type: "video" });
  });

  it("a strict catalogue accepts only its own models", async () => {
    const { post, sandbox } = await buildOxenWorld();
    sandbox.saveSettings(sandboxSettings.parse({ catalogue: { oxen: "strict" } }));
    expect((await post(QUEUE, { model: "hailuo-9", prompt: "waves" })).status).toBe(404);
    expect((await post(QUEUE, image)).status).toBe(200);
  });

  it("an enqueue that the credits do not cover is refused and stores nothing", async () => {
    const { post, get } = await buildOxenWorld();
    const answer = await post(QUEUE, image, "broke");
    expectPublished(answer, "createGeneration", "insufficient_credits");
    expect(answer.status).toBe(402);
    expect((await get(QUEUE, "broke")).body).toEqual({ count: 0, generations: [] });
  });

  it.each([
    ["no body", undefined],
    ["no model", { prompt: "an ox" }],
    ["a model that is not text", { ...image, model: 7 }],
    ["a model that is not text", { ...image, model: ["flux-3-image"] }],
    ["a target that is not text", { ...image, target_repo: 1 }],
    ["a list", [image]],
  ])("an enqueue refuses %s with an error of shape A", async (_what, body) => {
    const { post } = await buildOxenWorld();
    const answer = await post(QUEUE, body);
    expectPublished(answer, "createGeneration", "invalid_params");
    expect(answer.status).toBe(400);
  });

  it("an enqueue accepts 18 MB with an inlined image, and refuses a body over 32 MiB", async () => {
    const { post } = await buildOxenWorld();
    const inlined = (bytes: number) => ({ ...image, input_image: [`data:image/png;base64,${"A".repeat(bytes)}`] });
    expect((await post(QUEUE, inlined(18_000_000))).status).toBe(200);
    const answer = await post(QUEUE, inlined(32 * 1024 * 1024));
    expectPublished(answer, "createGeneration");
    expect(answer.status).toBe(413);
  });

  it("an enqueue refuses another content type and a body that is not JSON", async () => {
    const { app } = await buildOxenWorld();
    const send = async (contentType: string, payload: string) =>
      app.inject({
        method: "POST",
        url: QUEUE,
        headers: { authorization: "Bearer fx_world_main", "content-type": contentType },
        payload,
      });
    expect((await send("text/plain", "an ox")).json()).toEqual({ error: { detail: ":unsupported_media_type" } });
    const malformed = await send("application/json", "{");
    expectPublished({ status: malformed.statusCode, body: malformed.json() }, "createGeneration", "invalid_params");
  });
});

describe("a generation in oxen's queue", () => {
  it("a generation goes from queued to succeeded with every field in every state", async () => {
    const { enqueue, get, advance } = await buildOxenWorld();
    const [id = ""] = await enqueue(video);
    const read = async (state: string) => {
      const answer = await get(`${QUEUE}/${id}`);
      expectPublished(answer, "getGeneration", state);
      return answer.body;
    };
    const queued = await read("queued");
    expect(queued).toMatchObject({ status: "queued", started_at: null, model_name: video.model, media_type: "video" });
    await advance("1s");
    expect(await read("processing")).toMatchObject({ completed_at: null, result_url: null });
    await advance("1s");
    const succeeded = await read("succeeded");
    expect(succeeded.result_url).toMatch(
      new RegExp(
        `^http://localhost(?::80)?/api/repos/main/playground/workspaces/[0-9a-f-]{36}/files/${id}.mp4\\?sandbox=world$`,
      ),
    );
    expect(Number(succeeded.completed_at) - Number(succeeded.enqueued_at)).toBe(2);
  });

  it("a row repeats the request's parameters, except model, number and the row's own fields", async () => {
    const { enqueue, row } = await buildOxenWorld();
    const [id = ""] = await enqueue({
      ...video,
      num_generations: 1,
      aspect_ratio: "9:16",
      seed: 7,
      generate_audio: false,
      status: "succeeded",
      cost: 1,
      nested: { a: [1] },
    });
    const answer = await row(id);
    expect(answer).toMatchObject({
      status: "queued",
      prompt: video.prompt,
      aspect_ratio: "9:16",
      seed: 7,
      duration: 5,
      generate_audio: false,
      nested: { a: [1] },
    });
    expect(Object.keys(answer)).not.toEqual(expect.arrayContaining(["model"]));
    for (const absent of ["model", "num_generations", "cost"]) expect(answer).not.toHaveProperty(absent);
  });

  it("a generation belongs to the caller's namespace by default, and its row shows where results go", async () => {
    const { enqueue, row } = await buildOxenWorld();
    const [own = ""] = await enqueue(image);
    expect(await row(own)).toMatchObject({ target_namespace: "main", target_repo: null, target_directory: null });
    const target = { target_namespace: "team", target_repo: "renders", target_directory: "may/oxen" };
    const [shared = ""] = await enqueue({ ...image, ...target });
    expect(await row(shared)).toMatchObject(target);
  });

  it.each([
    ["fauxgen:fail", "The model could not complete this generation."],
    ["fauxgen:fail=insufficient_credits", "Insufficient credits"],
    ["fauxgen:fail=invalid_resolution", "Invalid resolution"],
  ])("a failed generation has a message and no code for %s", async (marker, error_message) => {
    const { enqueue, get, advance } = await buildOxenWorld();
    const [id = ""] = await enqueue({ ...image, prompt: `${marker} an ox` });
    await advance("2s");
    const answer = await get(`${QUEUE}/${id}`);
    expectPublished(answer, "getGeneration", "failed");
    expect(answer.body).toMatchObject({ status: "failed", error_message, result_url: null });
  });

  it("a scenario that is unknown or cannot be shown is refused, and a diagnostic says why", async () => {
    const { post } = await buildOxenWorld();
    for (const [marker, diagnostic] of [
      ["fauxgen:censor", "SCENARIO_NOT_EXPRESSIBLE"],
      ["fauxgen:fail=NO_SUCH", "FAILURE_CODE_UNKNOWN"],
      ["fauxgen:suceed", "SCENARIO_UNKNOWN"],
    ] as const) {
      const answer = await post(QUEUE, { ...image, prompt: marker });
      expectPublished(answer, "createGeneration", "invalid_params");
      expect(answer.headers["x-fauxgen-diagnostic"]).toContain(diagnostic);
    }
  });

  it.each(["not-a-uuid", NOBODYS, "..%2F..%2Fmodels"])("a read of the id %s is a 404", async (id) => {
    const { get, remove } = await buildOxenWorld();
    for (const answer of [await get(`${QUEUE}/${id}`), await remove(`${QUEUE}/${id}`)]) {
      expectPublished(answer, "getGeneration", "resource_not_found");
      expect(answer.status).toBe(404);
    }
  });

  it("another account cannot read a generation and does not see it in its list", async () => {
    const { enqueue, get, remove, row } = await buildOxenWorld();
    const [id = ""] = await enqueue(image);
    expect((await get(`${QUEUE}/${id}`, "other")).status).toBe(404);
    expect((await remove(`${QUEUE}/${id}`, "other")).status).toBe(404);
    expect((await get(QUEUE, "other")).body).toEqual({ count: 0, generations: [] });
    expect(await row(id)).toMatchObject({ status: "queued" });
  });

  it("every member of an organisation can read the organisation's generation", async () => {
    const { enqueue, get, remove } = await buildOxenWorld();
    const [id = ""] = await enqueue({ ...image, target_namespace: "team" });
    expect((await get(`${QUEUE}/${id}`, "other")).status).toBe(200);
    expect((await get(`${QUEUE}?namespace=team`, "other")).body).toMatchObject({ count: 1 });
    expect((await get(QUEUE)).body).toMatchObject({ count: 0 });
    expect((await get(`${QUEUE}/${id}`, "broke")).status).toBe(404);
    expect((await remove(`${QUEUE}/${id}`, "other")).status).toBe(200);
  });
});

describe("DELETE /api/ai/queue/{id}", () => {
  it.each([
    ["queued", "0s", null],
    ["processing", "1s", expect.any(Number) as number],
  ])("a cancellation ends a %s generation and keeps its row", async (_phase, after, startedAt) => {
    const { enqueue, get, remove, advance } = await buildOxenWorld();
    const [id = ""] = await enqueue(image);
    await advance(after);
    const answer = await remove(`${QUEUE}/${id}`);
    expectPublished(answer, "cancelGeneration");
    expect(answer).toMatchObject({ status: 200, body: { status: "success", generation_id: id } });
    await advance("1m");
    const row = await get(`${QUEUE}/${id}`);
    expectPublished(row, "getGeneration", "cancelled");
    expect(row.body).toMatchObject({ status: "cancelled", started_at: startedAt, error_message: null });
  });

  it.each([
    ["succeeded", image.prompt],
    ["failed", "fauxgen:fail"],
  ])("a cancellation of a generation that has %s answers success without effect", async (status, prompt) => {
    const { enqueue, remove, advance, row } = await buildOxenWorld();
    const [id = ""] = await enqueue({ ...image, prompt });
    await advance("5s");
    const before = await row(id);
    expect(await remove(`${QUEUE}/${id}`)).toMatchObject({ status: 200, body: { status: "success" } });
    expect(await row(id)).toEqual(before);
    expect(before).toMatchObject({ status });
  });

  it("a cancellation has the generation and its label in the journal", async () => {
    const { app, enqueue, remove } = await buildOxenWorld();
    const [id = ""] = await enqueue({ ...image, prompt: "fauxgen:label=hero an ox" });
    await remove(`${QUEUE}/${id}`);
    const { body } = await control(app, "GET", "sandboxes/world/requests?label=hero&operation=cancelGeneration");
    expect(body.items).toMatchObject([{ label: "hero", generations: [id] }]);
  });
});

describe("GET /api/ai/queue", () => {
  it("the list has active generations, oldest first, and other ones only with a status filter", async () => {
    const { enqueue, get, advance } = await buildOxenWorld();
    const [done = ""] = await enqueue(image);
    await advance("5s");
    const [first = ""] = await enqueue(image);
    await advance("1s");
    const [second = ""] = await enqueue(video);
    const list = async (query = "") => {
      const answer = await get(`${QUEUE}${query}`);
      expectPublished(answer, "listGenerations");
      return (answer.body.generations as { generation_id: string }[]).map((each) => each.generation_id);
    };
    expect(await list()).toEqual([first, second]);
    expect(await list("?status=processing")).toEqual([first]);
    expect(await list("?status=queued")).toEqual([second]);
    expect(await list("?status=succeeded")).toEqual([done]);
    expect(await list("?status=cancelled")).toEqual([]);
  });

  it("the list applies each of its filters, and all at once", async () => {
    const { enqueue, get } = await buildOxenWorld();
    await enqueue({ ...image, target_repo: "renders" });
    await enqueue({ ...image, target_repo: "renders", target_directory: "may" });
    await enqueue(video);
    const count = async (query: string) => (await get(`${QUEUE}?${query}`)).body.count;
    expect(await count(`model=${image.model}`)).toBe(2);
    expect(await count("media_type=video")).toBe(1);
    expect(await count("repo=renders")).toBe(2);
    expect(await count("folder=may")).toBe(1);
    expect(await count("namespace=main")).toBe(3);
    expect(
      await count(`namespace=main&model=${image.model}&media_type=image&status=queued&repo=renders&folder=may`),
    ).toBe(1);
    expect(await count(`model=${video.model}&repo=renders`)).toBe(0);
  });

  it("the list of a foreign namespace is empty, and a diagnostic says why", async () => {
    const { enqueue, get, post } = await buildOxenWorld();
    await enqueue(image, "other");
    const answer = await get(`${QUEUE}?namespace=other`);
    expect(answer.body).toEqual({ count: 0, generations: [] });
    expect(answer.headers["x-fauxgen-diagnostic"]).toContain("NAMESPACE_FOREIGN");
    const refused = await post(QUEUE, { ...image, target_namespace: "other" });
    expectPublished(refused, "createGeneration", "resource_not_found");
  });

  it.each(["status=done", "media_type=audio", "status=queued&status=failed", "model=a&model=b"])(
    "the list refuses the filter %s",
    async (query) => {
      const { get } = await buildOxenWorld();
      const answer = await get(`${QUEUE}?${query}`);
      expectPublished(answer, "listGenerations");
      expect(answer.status).toBe(400);
    },
  );
});

describe("access to oxen's queue", () => {
  it.each([
    ["no key", {}],
    ["an unknown key", { key: "SFMyNTY.unknown" }],
    ["a malformed key", { key: "fx_w" }],
    ["a revoked key", { key: "fx_world_revoked" }],
    ["another scheme", { headers: { authorization: "Basic fx_world_main" } }],
  ])("a request with %s gets the vendor's 401", async (_what, credentials) => {
    const { send } = await buildOxenWorld();
    const response = await send(oxen, undefined, { method: "GET", url: QUEUE, ...credentials });
    expectPublished({ status: response.statusCode, body: response.json() }, "listGenerations");
    expect(response.statusCode).toBe(401);
  });

  it.each(["/api/ai", "/api/ai/nothing", "/api/ai/queue/1/cancel"])(
    "the unknown path %s is the vendor's 404, with and without a key",
    async (url) => {
      const { send } = await buildOxenWorld();
      for (const account of ["main", undefined]) {
        const response = await send(oxen, account, { method: "POST", url });
        expectPublished({ status: response.statusCode, body: response.json() }, "unknownRoute");
      }
    },
  );
});
