/** Tests the recorded costs of sync's generations. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { createGeneration, get, lipsync, marked, text, video } from "../../../support/sync.ts";

interface Item {
  readonly generationId: string;
  readonly finishedAt: string;
}

interface Page {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

const costsOf = async (world: TestWorld, id: string) => (await get(world, `/v2/generate/${id}/costs`)).json<unknown>();

const usageOf = async (world: TestWorld, query: Readonly<Record<string, string>>, account = "main"): Promise<Page> =>
  (await get(world, `/v2/usage/generations?${new URLSearchParams(query).toString()}`, { account })).json<Page>();

describe("GET /v2/generate/{id}/costs", () => {
  it.each(["2026-06", "2026-11"])("in %s, the cost is pending until the generation has ended", async (vintage) => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ vintages: { sync: vintage } }));
    const id = await createGeneration(world);
    expect(await costsOf(world, id)).toEqual({
      generationId: id,
      generationStatus: "PENDING",
      currency: "USD",
      availability: "pending",
      totalCostUsd: null,
      knownSubtotalUsd: "0",
      retryAfterSeconds: 60,
      components: [{ component: "lipsync", availability: "pending", costUsd: null }],
      excludedCosts: ["tax", "subscription_fees", "external_provider_charges", "account_adjustments"],
    });
    await world.advance("10s");
    expect(await costsOf(world, id)).toMatchObject({
      generationStatus: "COMPLETED",
      availability: "complete",
      totalCostUsd: "0.5",
      knownSubtotalUsd: "0.5",
      retryAfterSeconds: null,
      components: [{ component: "lipsync", availability: "complete", costUsd: "0.5" }],
    });
  });

  it("a failed generation costs nothing", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world, marked("fail"));
    await world.advance("10s");
    expect(await costsOf(world, id)).toMatchObject({ availability: "complete", totalCostUsd: "0" });
  });

  it("the cost of dubbing is unavailable, so the total is unknown and the rest is a subtotal", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world, { model: "lipsync-2", input: [video], dubParams: { targetLang: "es" } });
    await world.advance("10s");
    expect(await costsOf(world, id)).toMatchObject({
      availability: "partial",
      totalCostUsd: null,
      knownSubtotalUsd: "0.5",
      retryAfterSeconds: null,
      components: [
        { component: "lipsync", costUsd: "0.5" },
        { component: "dubbing", availability: "unavailable", costUsd: null },
      ],
    });
  });

  it("speech is a part of its own", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world, { model: "lipsync-2", input: [video, text] });
    await world.advance("10s");
    expect(await costsOf(world, id)).toMatchObject({
      components: [{ component: "lipsync" }, { component: "speech_synthesis", costUsd: "0" }],
    });
  });
});

describe("GET /v2/usage/generations", () => {
  const all = { startTime: "2020-01-01T00:00:00Z", endTime: "2120-01-01T00:00:00Z" } as const;

  it("the list has what ended in the range, start inclusive and end exclusive, oldest end first", async () => {
    const world = await buildTestWorld();
    const slow = await createGeneration(world, marked("slow-job"));
    const first = await createGeneration(world);
    await world.advance("1m");
    const second = await createGeneration(world, lipsync, { account: "main_colleague" });
    await createGeneration(world, lipsync, { account: "other" });
    await world.advance("30m");
    await createGeneration(world);
    const page = await usageOf(world, all);
    expect(page.nextCursor).toBeNull();
    const ids = page.items.map(({ generationId }) => generationId);
    expect(ids.slice(0, 1)).toEqual([first]);
    expect(new Set(ids)).toEqual(new Set([first, second, slow]));
    const ends = page.items.map(({ finishedAt }) => finishedAt);
    expect(ends).toEqual([...ends].sort());
    const [, from = "", until = ""] = ends;
    expect((await usageOf(world, { startTime: from, endTime: until })).items).toEqual(page.items.slice(1, 2));
    expect((await usageOf(world, all, "other")).items).toHaveLength(1);
  });

  it("pages of one range hold every generation once, and the last page's cursor is null", async () => {
    const world = await buildTestWorld();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push(await createGeneration(world));
    await world.advance("1m");
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Page = await usageOf(world, { ...all, limit: "2", ...(cursor !== "" && { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ generationId }) => generationId));
      cursor = page.nextCursor;
    }
    expect(seen.toSorted()).toEqual(made.toSorted());
  });

  it("an item names the model, both instants and the key", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world);
    await world.advance("10s");
    const { items } = await usageOf(world, all);
    expect(items).toMatchObject([
      {
        generationId: id,
        totalCostUsd: "0.5",
        model: "lipsync-2",
        apiKey: { name: "owner", id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
    ]);
  });

  it("a date alone is its first instant in UTC", async () => {
    const world = await buildTestWorld();
    await createGeneration(world);
    await world.advance("10s");
    const [item] = (await usageOf(world, all)).items;
    const day = item?.finishedAt.slice(0, 10) ?? "";
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
    expect((await usageOf(world, { startTime: day, endTime: next })).items).toEqual([item]);
    expect((await usageOf(world, { startTime: next, endTime: all.endTime })).items).toEqual([]);
  });

  it.each([
    ["no range", {}, "startTime"],
    ["a range that ends where it starts", { startTime: all.startTime, endTime: all.startTime }, "after startTime"],
    ["a time without a zone", { ...all, startTime: "2026-11-01T00:00:00" }, "startTime"],
    ["a day that does not exist", { ...all, startTime: "2026-02-30" }, "startTime"],
    ["a limit of 0", { ...all, limit: "0" }, "limit"],
    ["a limit of 501", { ...all, limit: "501" }, "limit"],
    ["an unknown cursor", { ...all, cursor: "none" }, "cursor"],
  ])("%s is refused", async (_what, query, named) => {
    const world = await buildTestWorld();
    const response = await get(world, `/v2/usage/generations?${new URLSearchParams(query).toString()}`);
    expect(response.statusCode).toBe(400);
    expect(JSON.stringify(response.json<{ message: unknown }>().message)).toContain(named);
  });
});
