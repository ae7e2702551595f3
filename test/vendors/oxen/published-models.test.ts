/** Tests every published model of oxen: its listing, every body that its page prints, and bodies with one wrong value. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import { publishedModels, textOnlyModels, type PublishedModel } from "../../contract/published/oxen-models.ts";
import { buildOxenWorld, expectPublished, type Answered, type OxenWorld } from "../../support/oxen.ts";
import { brokenValuesOf } from "./broken-parameters.ts";

const OPERATIONS = {
  "/ai/images/generate": ["generateImage", "images", "image", /\.(?:png|jpg|webp)\?/],
  "/ai/images/edit": ["editImage", "images", "image", /\.(?:png|jpg|webp)\?/],
  "/ai/videos/generate": ["generateVideo", "videos", "video", /\.mp4\?/],
  "/ai/audio/speech": ["generateSpeech", "audios", "image", /\.(?:mp3|wav)\?/],
} as const;

const TRANSCRIPTIONS = "/ai/audio/transcriptions";
const media = publishedModels.filter(({ endpoint }) => endpoint !== TRANSCRIPTIONS);

/** A world whose generations end at once, so that a synchronous route answers while the clock is frozen. */
async function buildInstantWorld(catalogue: "open" | "strict" = "open"): Promise<OxenWorld> {
  const world = await buildOxenWorld();
  world.sandbox.saveSettings(sandboxSettings.parse({ timing: "instant", catalogue }));
  return world;
}

/** Enqueues a body and returns the row once the job has ended. */
async function rowOf({ enqueue, get }: OxenWorld, body: unknown): Promise<Answered> {
  const [id = ""] = await enqueue(body);
  return get(`/api/ai/queue/${id}`);
}

function routeOf({ endpoint }: PublishedModel) {
  if (endpoint === TRANSCRIPTIONS) throw new Error("A transcription is not a medium.");
  const [operation, collection, mediaType, file] = OPERATIONS[endpoint];
  return { path: `/api${endpoint}`, operation, collection, mediaType, file };
}

it("the pages publish 115 models with 561 bodies, and 63 models that make only text", () => {
  const bodies = publishedModels.flatMap(({ bodies, queue }) => (queue ? [...bodies, ...bodies] : bodies));
  expect([publishedModels.length, bodies.length, textOnlyModels.length]).toEqual([115, 561, 63]);
});

it.each(publishedModels)("the listing of $id has the published name, endpoint and parameters", async (published) => {
  const { get } = await buildOxenWorld();
  const answer = await get(`/api/ai/models/${published.id}`);
  expectPublished(answer, "getModel");
  const { id, name, endpoint, parameters } = published;
  expect(answer.body).toMatchObject({ id, display_name: name, endpoint: endpoint.replace("/ai", "") });
  const schema = answer.body.request_schema as { required: string[]; properties: Record<string, object> } | null;
  expect(Object.keys(schema?.properties ?? {})).toEqual(parameters.map((each) => each.name));
  expect(schema?.required ?? []).toEqual(parameters.filter(({ required }) => required).map((each) => each.name));
  // The walkthrough of this model takes more lengths and ratios than its page.
  const isExtended = (parameter: string) =>
    id === "bytedance-seedance-2-0-reference-to-video" && ["duration", "aspect_ratio"].includes(parameter);
  for (const { name: parameter, type, required: _required, ...facts } of parameters) {
    const declared = schema?.properties[parameter];
    if (isExtended(parameter)) continue;
    expect({ parameter, ...declared }).toMatchObject({ parameter, ...facts });
    expect(declared).toMatchObject(
      type.startsWith("array")
        ? { type: "array" }
        : { type: type === "integer | string" ? ["integer", "string"] : type },
    );
  }
});

describe.each(["open", "strict"] as const)("in a catalogue that is %s", (catalogue) => {
  it.each(media)("every printed body of $id is accepted and makes the right medium", async (published) => {
    const world = await buildInstantWorld(catalogue);
    const { path, operation, collection, mediaType, file } = routeOf(published);
    for (const body of published.bodies) {
      const answer = await world.post(path, body);
      expectPublished(answer, operation, "url");
      const [made] = answer.body[collection] as { url: string }[];
      expect(made?.url).toMatch(file);
      expect(answer.headers["x-fauxgen-diagnostic"]).toBeUndefined();
      if (!published.queue) continue;
      const row = await rowOf(world, body);
      expectPublished(row, "getGeneration", "succeeded");
      expect(row.body).toMatchObject({ media_type: mediaType, result_url: expect.stringMatching(file) as unknown });
      const { model, ...echoed } = body;
      expect(row.body).toMatchObject({ model_name: model, ...echoed });
    }
  });

  it.each(publishedModels.filter(({ endpoint }) => endpoint === TRANSCRIPTIONS))(
    "every printed body of $id is transcribed",
    async ({ bodies, id }) => {
      const { post } = await buildInstantWorld(catalogue);
      for (const body of bodies) {
        const answer = await post(`/api${TRANSCRIPTIONS}`, body);
        expectPublished(answer, "transcribeAudio");
        expect(answer.body.text).toContain("audio.mp3");
      }
      const queued = await post("/api/ai/queue", { model: id, prompt: "an ox" });
      expectPublished(queued, "createGeneration", "unsupported_media_type");
    },
  );

  it("a model that makes only text is refused as such", async () => {
    const { get, post } = await buildInstantWorld(catalogue);
    for (const id of textOnlyModels) {
      const queued = await post("/api/ai/queue", { model: id, prompt: "an ox" });
      expectPublished(queued, "createGeneration", "unsupported_media_type");
      const now = await post("/api/ai/images/generate", { model: id, prompt: "an ox" });
      expect(now).toMatchObject({
        status: 400,
        body: { error: { message: `Model ${id} does not generate images.` } },
      });
      expect((await get(`/api/ai/models/${id}`)).body).toMatchObject({
        endpoint: "/chat/completions",
        capabilities: { output: ["text"] },
      });
    }
  });
});

describe.each(media)("a wrong value in a body of $id", (published) => {
  const { path, operation } = routeOf(published);
  const full = published.bodies.at(-1) ?? { model: published.id };
  const broken = brokenValuesOf(published);
  const without = (body: object) => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));

  it("is refused at once by the synchronous route, in the model's words", async () => {
    const world = await buildInstantWorld();
    for (const { parameter, value, message } of broken) {
      const { input: _spoken, ...body } = full;
      const answer = await world.post(path, without({ ...body, [parameter]: value }));
      expect({ parameter, value, status: answer.status, body: answer.body }).toEqual({
        parameter,
        value,
        status: 400,
        body: { error: { message } },
      });
      expectPublished(answer, operation);
    }
    expect((await world.get("/api/ai/generations")).body).toMatchObject({ total_entries: 0 });
  });

  it("makes a job of the queue fail, with the model's message", async () => {
    const world = await buildInstantWorld("strict");
    for (const { parameter, value, message } of broken) {
      const row = await rowOf(world, without({ ...full, input: undefined, [parameter]: value }));
      expect({ parameter, value, ...row.body }).toMatchObject({
        parameter,
        value,
        status: "failed",
        error_message: message,
      });
    }
  });
});
