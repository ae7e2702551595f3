/** Tests oxen's routes that answer with the finished result. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { buildOxenWorld, expectPublished, image, video, type Answered, type OxenWorld } from "../../../support/oxen.ts";
import { untilHeld } from "../../../support/waiting.ts";

const audio = { model: "bytedance-seed-audio-1-0", prompt: "moo" };
const edit = { model: "qwen-image-edit", prompt: "add a bell", input_image: "https://media.test/ox.png" };

const routes = [
  ["images/generate", "generateImage", "images", image],
  ["images/edit", "editImage", "images", edit],
  ["videos/generate", "generateVideo", "videos", video],
  ["audio/generate", "generateAudio", "audios", audio],
  ["audio/speech", "generateSpeech", "audios", audio],
] as const;

/** Sends a request and advances the clock once the request is held. */
async function askAndAdvance(world: OxenWorld, path: string, body: unknown, by = "2s"): Promise<Answered> {
  const asked = world.post(`/api/ai/${path}`, body);
  await untilHeld(world.sandbox, 1);
  await world.advance(by);
  return asked;
}

describe.each(routes)("POST /api/ai/%s", (path, operation, collection, body) => {
  it("the route answers the URL of the result once the generation has succeeded", async () => {
    const world = await buildOxenWorld();
    const asked = world.post(`/api/ai/${path}`, body);
    await untilHeld(world.sandbox, 1);
    await world.advance("1900ms");
    expect(world.sandbox.heldRequests.count).toBe(1);
    await world.advance("100ms");
    const answer = await asked;
    expectPublished(answer, operation, "url");
    expect(answer.body).toMatchObject({
      model: body.model,
      created: Math.floor(world.sandbox.clock.now() / 1000),
      [collection]: [{ url: expect.stringContaining("/api/repos/main/playground/") as string }],
    });
    const { body: history } = await world.get("/api/ai/generations");
    expect(history).toMatchObject({ total_entries: 1, generations: [{ status: "succeeded", prompt: body.prompt }] });
  });

  it("the route answers the file itself for the format b64_json", async () => {
    const world = await buildOxenWorld();
    const answer = await askAndAdvance(world, path, { ...body, response_format: "b64_json" });
    expectPublished(answer, operation, "b64_json");
    const [first] = answer.body[collection] as { b64_json: string }[];
    const bytes = Buffer.from(first?.b64_json ?? "", "base64");
    const signatures = ["\x89PNG", "ftyp", "ID3", "\xff\xfb"];
    expect(signatures.some((signature) => bytes.subarray(0, 12).toString("latin1").includes(signature))).toBe(true);
  });

  it.each([
    ["fauxgen:fail", 400, "The model could not complete this generation."],
    ["fauxgen:fail=data_inspection_failed", 400, "DataInspectionFailed"],
    ["fauxgen:fail=insufficient_credits", 402, "You have run out of credits."],
  ])("the route answers the vendor's error for the prompt %s", async (marker, status, message) => {
    const world = await buildOxenWorld();
    const answer = await askAndAdvance(world, path, { ...body, prompt: marker });
    expectPublished(answer, operation, status === 402 ? "insufficient_credits" : undefined);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(message);
  });

  it("the route refuses unknown and text models, foreign namespaces and missing credits at once", async () => {
    const { post } = await buildOxenWorld();
    const unknown = await post(`/api/ai/${path}`, { ...body, model: "bad-model-name" });
    expectPublished(unknown, operation, "model_not_found");
    const text = await post(`/api/ai/${path}`, { ...body, model: "gpt-4o-mini" });
    expectPublished(text, operation);
    expect(text.status).toBe(400);
    const foreign = await post(`/api/ai/${path}`, { ...body, target_namespace: "other" });
    expectPublished(foreign, operation, "resource_not_found");
    const broke = await post(`/api/ai/${path}`, body, "broke");
    expectPublished(broke, operation, "insufficient_credits");
    const format = await post(`/api/ai/${path}`, { ...body, response_format: "png" });
    expectPublished(format, operation);
  });
});

describe("oxen's synchronous requests", () => {
  it("a request makes as many images as it asks for", async () => {
    const world = await buildOxenWorld();
    const asked = world.post("/api/ai/images/generate", { ...image, n: 3 });
    await untilHeld(world.sandbox, 3);
    await world.advance("2s");
    const answer = await asked;
    expectPublished(answer, "generateImage", "url");
    expect(new Set((answer.body.images as { url: string }[]).map(({ url }) => url)).size).toBe(3);
    expect(await world.post("/api/ai/images/generate", { ...image, n: 5 })).toMatchObject({
      status: 400,
      body: { error: { detail: "n must be an integer between 1 and 4" } },
    });
  });

  it("a request stores its result in the namespace, repository and directory that it names", async () => {
    const world = await buildOxenWorld();
    const target = { target_namespace: "team", target_repo: "renders", target_directory: "may" };
    const answer = await askAndAdvance(world, "images/generate", { ...image, ...target });
    expect(JSON.stringify(answer.body)).toContain("/api/repos/team/renders/file/main/may/");
    expect((await world.get("/api/ai/generations?namespace=team")).body).toMatchObject({
      generations: [{ ...target, username: "main" }],
    });
  });

  it("an edit accepts its input image under the spec's name too", async () => {
    const world = await buildOxenWorld();
    const { input_image, ...rest } = edit;
    expect(await askAndAdvance(world, "images/edit", { ...rest, image: input_image })).toMatchObject({ status: 200 });
    expect(await world.post("/api/ai/images/edit", rest)).toMatchObject({
      status: 400,
      body: { error: { message: "Field required" } },
    });
  });

  it.each([
    ["audio/speech", audio, "input", "audio/generate"],
    ["audio/generate", audio, "save_to_workbench", "images/generate"],
    ["images/edit", edit, "mask", "videos/generate"],
    ["videos/generate", video, "multi_prompt", "images/edit"],
  ])("%s knows its own documented parameters, and tells those of other routes", async (path, body, name, other) => {
    const world = await buildOxenWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ timing: "instant" }));
    const value = name === "multi_prompt" ? [] : "https://media.test/ox.png";
    const known = await world.post(`/api/ai/${path}`, { ...body, [name]: value });
    expect(known.headers["x-fauxgen-diagnostic"]).toBeUndefined();
    const own = routes.find(([route]) => route === other)?.[3];
    const told = await world.post(`/api/ai/${other}`, { ...own, [name]: value });
    expect(told).toMatchObject({ status: 200 });
    expect(told.headers["x-fauxgen-diagnostic"]).toContain(`PARAMETER_UNKNOWN: body.${name} is not known`);
  });

  it("a model without a known schema needs no prompt, but its prompt must be text", async () => {
    const world = await buildOxenWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ timing: "instant" }));
    const { post } = world;
    const model = "some-image-model";
    expect(await post("/api/ai/images/generate", { model })).toMatchObject({ status: 200 });
    expect(await post("/api/ai/images/generate", { model, prompt: 7 })).toMatchObject({
      status: 400,
      body: { error: { message: "Invalid prompt" } },
    });
  });

  it("time advances the generation of a held request if reads advance other generations", async () => {
    const world = await buildOxenWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ progression: { polls: 3 } }));
    expect(await askAndAdvance(world, "images/generate", image)).toMatchObject({ status: 200 });
  });

  it("a request is answered at once under instant timing", async () => {
    const { post, sandbox } = await buildOxenWorld();
    sandbox.saveSettings(sandboxSettings.parse({ timing: "instant" }));
    expect(await post("/api/ai/images/generate", image)).toMatchObject({ status: 200 });
  });

  it("a held request gets an error when its generation is cancelled", async () => {
    const world = await buildOxenWorld();
    const asked = world.post("/api/ai/images/generate", image);
    await untilHeld(world.sandbox, 1);
    const { body } = await world.get("/api/ai/queue");
    const [{ generation_id } = { generation_id: "" }] = body.generations as { generation_id: string }[];
    await world.remove(`/api/ai/queue/${generation_id}`);
    const answer = await asked;
    expectPublished(answer, "generateImage");
    expect(answer).toMatchObject({ status: 400, body: { error: { message: "The generation was cancelled." } } });
  });

  it("a held request gets an error after a reset, and after an hour without an end", async () => {
    const world = await buildOxenWorld();
    const stuck = await askAndAdvance(world, "images/generate", { ...image, prompt: "fauxgen:stuck" }, "1h");
    expectPublished(stuck, "generateImage", "unknown_error");
    const asked = world.post("/api/ai/images/generate", image);
    await untilHeld(world.sandbox, 1);
    world.app.httpContext.sandboxes.reset(world.sandbox);
    expectPublished(await asked, "generateImage", "unknown_error");
  });

  it("is refused and creates nothing while the limit of held requests is reached", async () => {
    const world = await buildOxenWorld({ maxHeld: 1 });
    const asked = world.post("/api/ai/images/generate", image);
    await untilHeld(world.sandbox, 1);
    const refused = await world.post("/api/ai/images/generate", image);
    expectPublished(refused, "generateImage");
    expect(refused.headers["x-fauxgen-diagnostic"]).toContain("HELD_EXHAUSTED");
    expect(world.sandbox.generations.count({ vendor: "oxen" })).toBe(1);
    await world.advance("2s");
    expect((await asked).status).toBe(200);
  });
});
