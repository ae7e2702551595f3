/** Tests the pages, filters and totals of oxen's history. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { buildOxenWorld, expectPublished, image, video, type OxenWorld } from "../../../support/oxen.ts";

const HISTORY = "/api/ai/generations";

const page = async ({ get }: OxenWorld, query = "", account?: string) => {
  const answer = await get(`${HISTORY}${query}`, account);
  expectPublished(answer, "listPastGenerations");
  expect(answer.status).toBe(200);
  return answer.body as { total_cost: string | null; generations: Record<string, unknown>[] } & Record<string, unknown>;
};

describe("oxen's history", () => {
  it("the history lists every generation, newest first, with price, user and request parameters", async () => {
    const world = await buildOxenWorld();
    const [first = ""] = await world.enqueue({ ...image, seed: 3 });
    await world.advance("5s");
    const [second = ""] = await world.enqueue(video);
    const { generations } = await page(world);
    expect(generations.map(({ generation_id }) => generation_id)).toEqual([second, first]);
    expect(generations[1]).toMatchObject({ status: "succeeded", cost: "0.0624", username: "main", seed: 3 });
    expect(generations[0]).toMatchObject({ status: "queued", cost: "0.35", duration: 5, user_image: null });
  });

  it("every page of the history has the total of pages and entries", async () => {
    const world = await buildOxenWorld();
    for (let made = 0; made < 5; made += 1) await world.enqueue(image);
    expect(await page(world, "?page_size=2&page=3")).toMatchObject({
      count: 1,
      page_number: 3,
      page_size: 2,
      total_pages: 3,
      total_entries: 5,
      total_cost: "0.312",
    });
    expect(await page(world, "?page=2")).toMatchObject({ count: 0, page_size: 50, total_pages: 1, total_entries: 5 });
    expect(await page(world, "", "other")).toMatchObject({ count: 0, total_pages: 0, total_cost: null });
  });

  it("the total cost is the sum of the filtered generations, without refunded ones", async () => {
    const world = await buildOxenWorld();
    await world.enqueue(image);
    await world.enqueue({ ...image, prompt: "fauxgen:fail" });
    const [cancelled = ""] = await world.enqueue(video);
    await world.remove(`/api/ai/queue/${cancelled}`);
    await world.advance("5s");
    await world.enqueue({ ...video, target_repo: "renders" });
    expect(await page(world, "?page_size=1")).toMatchObject({ count: 1, total_entries: 4, total_cost: "0.4124" });
    expect(await page(world, "?repo=renders")).toMatchObject({ total_cost: "0.35" });
    const failed = await page(world, "?status=failed");
    expect(failed).toMatchObject({ total_entries: 1, total_cost: null });
    expect(failed.generations[0]).toMatchObject({ cost: null });
  });

  it("the history filters by user, and shows an organisation's members all its generations", async () => {
    const world = await buildOxenWorld();
    await world.enqueue({ ...image, target_namespace: "team" });
    await world.enqueue({ ...image, target_namespace: "team" }, "other");
    const { generations } = await page(world, "?namespace=team");
    expect(generations.map(({ username }) => username)).toEqual(["other", "main"]);
    const userId = String(generations[0]?.user_id);
    expect(await page(world, `?namespace=team&user_id=${userId}`)).toMatchObject({ total_entries: 1 });
  });

  it.each(["page=0", "page=x", "page_size=0", "page_size=1001", "status=done", "media_type=text"])(
    "the history refuses the query %s",
    async (query) => {
      const { get } = await buildOxenWorld();
      const answer = await get(`${HISTORY}?${query}`);
      expectPublished(answer, "listPastGenerations");
      expect(answer.status).toBe(400);
    },
  );

  it("the filter values come only from the caller's namespace and user", async () => {
    const { get, enqueue, advance } = await buildOxenWorld();
    await enqueue({ ...image, target_repo: "renders", target_directory: "may" });
    await advance("5s");
    await enqueue(video);
    const answer = await get(`${HISTORY}/_filters`);
    expectPublished(answer, "listFilterValues");
    expect(answer.body).toMatchObject({
      repo: ["renders"],
      folder: ["may"],
      model: [image.model, video.model],
      media_type: ["image", "video"],
      status: ["queued", "succeeded"],
    });
    expect((await get(`${HISTORY}/_filters?columns=repo,status&namespace=team`)).body).toEqual({
      repo: [],
      status: [],
    });
    const refused = await get(`${HISTORY}/_filters?columns=repo,price`);
    expectPublished(refused, "listFilterValues", "invalid_params");
  });
});

describe("the details of a generation", () => {
  it("are the history's row in a wrapper, in every state", async () => {
    const { enqueue, get, advance } = await buildOxenWorld();
    const [id = ""] = await enqueue(image);
    for (const [state, by] of [
      ["queued", "0s"],
      ["processing", "1s"],
      ["succeeded", "1s"],
    ] as const) {
      await advance(by);
      const answer = await get(`${HISTORY}/${id}`);
      expectPublished(answer, "getGenerationDetails", state);
      expect(answer.body).toMatchObject({ status: "success", generation: { generation_id: id, status: state } });
    }
  });

  it("the details are a 404 for an unknown id and for another account's id", async () => {
    const { enqueue, get } = await buildOxenWorld();
    const [id = ""] = await enqueue(image);
    for (const answer of [await get(`${HISTORY}/none`), await get(`${HISTORY}/${id}`, "other")])
      expectPublished(answer, "getGenerationDetails", "resource_not_found");
  });

  it("a read of the details advances a generation if reads decide", async () => {
    const { enqueue, get, sandbox } = await buildOxenWorld();
    sandbox.saveSettings(sandboxSettings.parse({ progression: { polls: 1 } }));
    const [id = ""] = await enqueue(image);
    const states = [];
    for (const path of [`${HISTORY}/${id}`, `/api/ai/queue/${id}`, `${HISTORY}/${id}`]) {
      const { body } = await get(path);
      states.push((body.generation as { status: string } | undefined)?.status ?? body.status);
    }
    expect(states).toEqual(["queued", "processing", "succeeded"]);
  });
});
