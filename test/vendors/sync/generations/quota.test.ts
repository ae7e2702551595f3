import { describe, expect, it } from "vitest";
import { sync } from "../../../../src/vendors/sync/index.ts";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { lipsync, marked } from "../../../support/sync.ts";

const post = async ({ send }: TestWorld, account: string, body: unknown = lipsync) =>
  send(sync, account, { method: "POST", url: "/v2/generate", body });

describe("concurrency", () => {
  it.each([
    ["free", 1],
    ["hobbyist", 1],
    ["creator", 3],
    ["growth", 6],
    ["scale", 15],
  ])("plan %s runs %d generations at once", async (plan, limit) => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings({ limits: "enforced" });
    world.sandbox.account("main").updateState("sync", { plan });
    for (let made = 0; made < limit; made += 1) expect((await post(world, "main")).statusCode).toBe(201);
    const refused = await post(world, "main");
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({
      errorCode: "concurrency_limit_reached",
      activeGenerations: limit,
      concurrencyLimit: limit,
      retryAfterSeconds: 2,
    });
    await world.advance("2s");
    expect((await post(world, "main")).statusCode).toBe(201);
  });

  it("is counted by organisation", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings({ limits: "enforced" });
    world.sandbox.account("main").updateState("sync", { plan: "hobbyist" });
    await post(world, "main");
    expect((await post(world, "main")).statusCode).toBe(429);
    expect((await post(world, "limited")).statusCode).toBe(201);
  });

  it("is not enforced for main", async () => {
    const world = await buildTestWorld();
    for (let made = 0; made < 60; made += 1) expect((await post(world, "main")).statusCode).toBe(201);
  });
});

describe("the free plan", () => {
  it("has three generations a month", async () => {
    const world = await buildTestWorld({}, "monthly");
    for (let made = 0; made < 3; made += 1) expect((await post(world, "free")).statusCode).toBe(201);
    const refused = await post(world, "free");
    expect(refused.json()).toMatchObject({ statusCode: 402, errorCode: "free_tier_generations_exhausted" });
    await world.advance("31d");
    expect((await post(world, "free")).statusCode).toBe(201);
  });

  it("has one generation by sync-3 a month", async () => {
    const world = await buildTestWorld();
    expect((await post(world, "free", { ...lipsync, model: "sync-3" })).statusCode).toBe(201);
    expect((await post(world, "free", { ...lipsync, model: "sync-3" })).statusCode).toBe(402);
    expect((await post(world, "free")).statusCode).toBe(201);
  });

  it("is not charged for what fails", async () => {
    const world = await buildTestWorld();
    for (let made = 0; made < 5; made += 1) {
      expect((await post(world, "free", marked(made % 2 === 0 ? "fail" : "reject"))).statusCode).toBe(201);
      await world.advance("2s");
    }
  });

  it("does not include react-1", async () => {
    const response = await post(await buildTestWorld(), "free", { ...lipsync, model: "react-1" });
    expect(response.json()).toMatchObject({ statusCode: 402, errorCode: "plan_feature_unavailable" });
  });
});
