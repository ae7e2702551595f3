/** Tests oxen's list, search and marking of models. */
import { describe, expect, it } from "vitest";
import { oxen } from "../../../../src/vendors/oxen/index.ts";
import { buildOxenWorld, expectPublished, type OxenWorld } from "../../../support/oxen.ts";

const ids = async ({ get }: OxenWorld, path: string, operation: string): Promise<string[]> => {
  const answer = await get(path);
  expectPublished(answer, operation);
  return (answer.body.data as { id: string }[]).map(({ id }) => id);
};

describe("oxen's models", () => {
  it("the list of models needs no key", async () => {
    const { send } = await buildOxenWorld();
    const response = await send(oxen, undefined, { method: "GET", url: "/api/ai/models" });
    const answer = { status: response.statusCode, body: response.json<Record<string, unknown>>() };
    expectPublished(answer, "listModels");
    expect(answer.body.data).toHaveLength(182);
  });

  it("the list of models filters by developer, provider and fine-tuning action", async () => {
    const world = await buildOxenWorld();
    const list = async (query: string) => ids(world, `/api/ai/models?${query}`, "listModels");
    expect(await list("developer_name=topaz%20labs")).toHaveLength(13);
    expect(await list("developer_name=lUMA%20ai")).toEqual([
      "luma-ray-v3-2-image-to-video",
      "luma-ray-v3-2-reframe",
      "luma-ray-v3-2-text-to-video",
      "luma-ray-v3-2-video-to-video",
    ]);
    expect(await list("provider_name=ByteDance")).toContain("bytedance-seed-audio-1-0");
    expect(await list("action=image_generation")).toEqual(["black-forest-labs-flux-2-klein-4b"]);
    expect(await list("developer_name=nobody")).toEqual([]);
  });

  it("a search finds models by words of their names", async () => {
    const world = await buildOxenWorld();
    const search = async (words: string) => ids(world, `/api/ai/models/search?search=${words}`, "searchModels");
    expect(await search("seed-audio")).toEqual(["bytedance-seed-audio-1-0"]);
    expect(await search("Seed%20Audio")).toContain("bytedance-seed-audio-1-0");
    expect(await search("kling%20video%20o3%20pro")).toHaveLength(3);
    expect(await search("nothing-like-it")).toEqual([]);
    const refused = await world.get("/api/ai/models/search");
    expectPublished(refused, "searchModels", "invalid_params");
  });

  it("a model is served under its id without a wrapper, with price and parameters", async () => {
    const { get } = await buildOxenWorld();
    const answer = await get("/api/ai/models/flux-3-image");
    expectPublished(answer, "getModel");
    expect(answer.body).toMatchObject({
      id: "flux-3-image",
      object: "model",
      pricing: { method: "per_image", cost_per_image: 0.0624, cost_per_image_grid: { high: { "4k": 0.7891 } } },
      request_schema: { type: "object", required: ["prompt"], properties: { prompt: { "x-order": 0 } } },
    });
    expect(answer.body).not.toHaveProperty("refusals");
    const unknown = await get("/api/ai/models/bad-model-name");
    expectPublished(unknown, "getModel", "model_not_found");
    expect(unknown.body).toEqual({ error: { message: "Model not found: bad-model-name" } });
  });

  it("every listed model has the published shape", async () => {
    const world = await buildOxenWorld();
    for (const id of await ids(world, "/api/ai/models", "listModels"))
      expectPublished(await world.get(`/api/ai/models/${id}`), "getModel");
  });

  it("an account marks and unmarks models only for itself", async () => {
    const world = await buildOxenWorld();
    const { post, remove } = world;
    const marked = async () => ids(world, "/api/ai/models/favorites", "listFavoriteModels");
    for (const id of ["google-veo-3-1-fast", "flux-3-image", "flux-3-image"]) {
      const answer = await post(`/api/ai/models/${id}/favorite`, undefined);
      expectPublished(answer, "favoriteModel");
      expect(answer.body).toEqual((await world.get(`/api/ai/models/${id}`)).body);
    }
    expect(await marked()).toEqual(["google-veo-3-1-fast", "flux-3-image"]);
    const unmarked = await remove("/api/ai/models/flux-3-image/favorite", "other");
    expectPublished(unmarked, "unfavoriteModel");
    expect(unmarked.body).toMatchObject({ id: "flux-3-image", object: "model" });
    expectPublished(await remove("/api/ai/models/google-veo-3-1-fast/favorite"), "unfavoriteModel");
    expect(await marked()).toEqual(["flux-3-image"]);
    expectPublished(await post("/api/ai/models/bad-one/favorite", undefined), "favoriteModel", "model_not_found");
    expect(await ids(world, "/api/ai/models/featured", "listFeaturedModels")).toContain("flux-3-image");
  });
});
