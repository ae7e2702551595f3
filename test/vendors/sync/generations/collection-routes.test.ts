/** Tests how sync lists and deletes generations. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { control } from "../../../support/control.ts";
import { createGeneration, get, lipsync, marked, remove } from "../../../support/sync.ts";

interface Item {
  readonly id: string;
  readonly status: string;
  readonly outputUrl: string | null;
}

const idsOf = async (world: TestWorld, query: string): Promise<string[]> =>
  (await get(world, `/v2/generations${query}`)).json<Item[]>().map(({ id }) => id);

describe("GET /v2/generations/count", () => {
  it.each(["2026-06", "2026-11"])("in %s, the filters are combined, and each narrows the count", async (vintage) => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ vintages: { sync: vintage } }));
    const tagged = (source: string) => ({ headers: { "x-sync-source": source } });
    await createGeneration(world);
    await createGeneration(world, marked("fail"), tagged("mcp:claude"));
    await world.advance("3s");
    await createGeneration(world, lipsync, tagged("mcp:editor"));
    await createGeneration(world, lipsync, { account: "main_colleague" });
    await createGeneration(world, lipsync, { account: "other" });
    const countOf = async (query: string, account = "main") =>
      (await get(world, `/v2/generations/count${query}`, { account })).json<unknown>();
    expect(await countOf("")).toEqual({ count: 4 });
    expect(await countOf("?status=PENDING&status=FAILED")).toEqual({ count: 3 });
    expect(await countOf("?status=COMPLETED,FAILED")).toEqual({ count: 2 });
    expect(await countOf("?source=mcp:claude,mcp:editor")).toEqual({ count: 2 });
    expect(await countOf("?source=mcp:claude&status=COMPLETED")).toEqual({ count: 0 });
    expect(await countOf("?generationSource=claude")).toEqual({ count: 1 });
    expect(await countOf("?generationSource=mcp")).toEqual({ count: 1 });
    expect(await countOf("?generationSource=api&type=api")).toEqual({ count: 2 });
    expect(await countOf("?type=playground")).toEqual({ count: 0 });
    expect(await countOf("?currentUserOnly=true")).toEqual({ count: 3 });
    expect(await countOf("?currentUserOnly=true", "main_colleague")).toEqual({ count: 1 });
    expect(await countOf("?currentUserOnly=false", "other")).toEqual({ count: 1 });
  });

  it.each(["?status=DONE", "?type=studio", "?generationSource=fax", "?currentUserOnly=perhaps"])(
    "the query %s is refused",
    async (query) => {
      const world = await buildTestWorld();
      expect((await get(world, `/v2/generations/count${query}`)).statusCode).toBe(400);
    },
  );
});

describe("GET /v2/generations", () => {
  it("the list is a bare array of the organisation's generations, newest first", async () => {
    const world = await buildTestWorld();
    const [first, second] = [await createGeneration(world), await createGeneration(world)];
    expect(await idsOf(world, "")).toEqual([second, first]);
    expect((await get(world, "/v2/generations", { account: "other" })).json()).toEqual([]);
  });

  it("the list filters by status and ids as JSON text, text with commas and repeated keys", async () => {
    const world = await buildTestWorld();
    const done = await createGeneration(world);
    const failed = await createGeneration(world, marked("fail"));
    await world.advance("3s");
    const pending = await createGeneration(world);
    for (const query of [
      `?status=${encodeURIComponent('["PENDING","FAILED"]')}`,
      "?status=PENDING,FAILED",
      "?status=PENDING&status=FAILED",
      `?ids=${encodeURIComponent(JSON.stringify([pending, failed]))}`,
      `?ids=${pending},${failed}`,
      `?ids=${pending}&ids=${failed}`,
    ]) {
      expect(await idsOf(world, query), query).toEqual([pending, failed]);
    }
    expect(await idsOf(world, "?status=COMPLETED")).toEqual([done]);
    expect(await idsOf(world, `?status=COMPLETED&ids=${failed}`)).toEqual([]);
  });

  it("an empty list in the query filters nothing", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world);
    expect(await idsOf(world, "?status=&ids=[]")).toEqual([id]);
  });

  it("the list filters by the creating request's x-sync-source", async () => {
    const world = await buildTestWorld();
    const tagged = await createGeneration(world, lipsync, { headers: { "x-sync-source": "comfyui" } });
    await createGeneration(world);
    expect(await idsOf(world, "?source=comfyui,mcp")).toEqual([tagged]);
  });

  it("the list of an unknown project is empty", async () => {
    const world = await buildTestWorld();
    await createGeneration(world);
    expect(await idsOf(world, "?projectId=550e8400-e29b-41d4-a716-446655440000")).toEqual([]);
  });

  it("the cursor of a page is the last id of the page before", async () => {
    const world = await buildTestWorld();
    const ids: string[] = [];
    for (let made = 0; made < 5; made += 1) ids.unshift(await createGeneration(world));
    const seen: string[] = [];
    let page = await idsOf(world, "?limit=2");
    while (page.length > 0) {
      seen.push(...page);
      page = await idsOf(world, `?limit=2&cursor=${page.at(-1) ?? ""}`);
    }
    expect(seen).toEqual(ids);
  });

  it.each(["limit=0", "limit=101", "limit=ten", "limit=1.5", "cursor=x", "projectId=7", "status=done"])(
    "the list refuses the query %s",
    async (query) => {
      const world = await buildTestWorld();
      expect((await get(world, `/v2/generations?${query}`)).statusCode).toBe(400);
    },
  );
});

describe("DELETE /v2/generations/{id}", () => {
  it("deleting a generation has the generation and its label in the journal", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world, marked("label=hero"));
    await world.advance("1m");
    await remove(world, `/v2/generations/${id}`);
    const { body } = await control(world.app, "GET", "sandboxes/world/requests?label=hero&operation=deleteGeneration");
    expect(body.items).toMatchObject([{ label: "hero", generations: [id] }]);
  });

  it("deleting a generation answers the generation and removes it", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world);
    await world.advance("2s");
    const deleted = await remove(world, `/v2/generations/${id}`);
    expect(deleted.statusCode).toBe(200);
    expect(deleted.json()).toMatchObject({ id, status: "COMPLETED" });
    expect((await get(world, `/v2/generate/${id}`)).statusCode).toBe(404);
    expect(await idsOf(world, "")).toEqual([]);
  });

  it("deleting an unfinished generation is refused", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world);
    const refused = await remove(world, `/v2/generations/${id}`);
    expect(refused.statusCode).toBe(409);
    expect(refused.json()).toMatchObject({ errorCode: "generation_not_deletable_while_processing" });
    expect(await idsOf(world, "")).toEqual([id]);
  });
});

describe("the file of a completed generation", () => {
  it("outputUrl redirects to the file with only its token", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world);
    await world.advance("2s");
    const { outputUrl } = (await get(world, `/v2/generate/${id}`)).json<Item>();
    const url = new URL(outputUrl ?? "");
    expect(url.pathname).toBe(`/v2/generations/${id}/result`);
    const redirect = await world.app.inject({ method: "GET", url: `${url.pathname}${url.search}` });
    expect(redirect.statusCode).toBe(302);
    const file = await world.app.inject({ method: "GET", url: new URL(String(redirect.headers.location)).pathname });
    expect(file.statusCode).toBe(200);
    expect(file.headers["content-type"]).toBe("video/mp4");
  });

  it.each(["", "?sandbox=world", "?token=b1946ac9-2bb4-4f6d-a3fc-000000000000&sandbox=world"])(
    "the result route refuses the query %j",
    async (query) => {
      const world = await buildTestWorld();
      const id = await createGeneration(world);
      await world.advance("2s");
      const response = await world.app.inject({ method: "GET", url: `/v2/generations/${id}/result${query}` });
      expect(response.statusCode).toBe(404);
    },
  );

  it("an unfinished generation has no file", async () => {
    const world = await buildTestWorld();
    const first = await createGeneration(world);
    await world.advance("2s");
    const { outputUrl } = (await get(world, `/v2/generate/${first}`)).json<Item>();
    world.sandbox.saveSettings({ scenario: "stuck" });
    const second = await createGeneration(world);
    const search = new URL(outputUrl ?? "").search;
    const response = await world.app.inject({ method: "GET", url: `/v2/generations/${second}/result${search}` });
    expect(response.statusCode).toBe(400);
    expect((await get(world, `/v2/generations/${second}/download`)).statusCode).toBe(400);
  });

  it("the download route answers the file's URL as plain text", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world);
    await world.advance("2s");
    const response = await get(world, `/v2/generations/${id}/download`);
    expect(response.headers["content-type"]).toMatch(/^text\/plain/);
    expect(response.body).toMatch(new RegExp(`^http://[^"]+/_media/world/sync/${id}\\.mp4$`));
  });
});
