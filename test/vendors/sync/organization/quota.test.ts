/** Tests sync's limits by plan: concurrency, allowance and models. */
import { describe, expect, it } from "vitest";
import { buildTestWorld } from "../../../support/app.ts";
import { lipsync, marked, post, postGeneration } from "../../../support/sync.ts";

describe("sync's concurrency limit", () => {
  it.each([
    ["free", 1],
    ["hobbyist", 1],
    ["creator", 3],
    ["growth", 6],
    ["scale", 15],
  ])("plan %s runs at most %d generations at once", async (plan, limit) => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings({ limits: "enforced" });
    world.sandbox.account("main").updateState("sync", { plan });
    for (let made = 0; made < limit; made += 1) expect((await postGeneration(world)).statusCode).toBe(201);
    const refused = await postGeneration(world);
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({
      errorCode: "concurrency_limit_reached",
      activeGenerations: limit,
      concurrencyLimit: limit,
      retryAfterSeconds: 2,
    });
    await world.advance("2s");
    expect((await postGeneration(world)).statusCode).toBe(201);
  });

  it("concurrency is counted per organisation", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings({ limits: "enforced" });
    world.sandbox.account("main").updateState("sync", { plan: "hobbyist" });
    await postGeneration(world);
    expect((await postGeneration(world)).statusCode).toBe(429);
    expect((await postGeneration(world, lipsync, { account: "limited" })).statusCode).toBe(201);
  });

  it("the concurrency limit is not enforced for main", async () => {
    const world = await buildTestWorld();
    for (let made = 0; made < 60; made += 1) expect((await postGeneration(world)).statusCode).toBe(201);
  });
});

describe("sync's free plan", () => {
  it("the free plan allows three generations a month", async () => {
    const world = await buildTestWorld({}, "monthly");
    for (let made = 0; made < 3; made += 1) {
      expect((await postGeneration(world, lipsync, { account: "free" })).statusCode).toBe(201);
      await world.advance("2s");
    }
    const refused = await postGeneration(world, lipsync, { account: "free" });
    expect(refused.json()).toMatchObject({ statusCode: 402, errorCode: "free_tier_generations_exhausted" });
    await world.advance("31d");
    expect((await postGeneration(world, lipsync, { account: "free" })).statusCode).toBe(201);
  });

  it("the free plan allows one generation by sync-3 a month", async () => {
    const world = await buildTestWorld();
    expect((await postGeneration(world, { ...lipsync, model: "sync-3" }, { account: "free" })).statusCode).toBe(201);
    await world.advance("2s");
    expect((await postGeneration(world, { ...lipsync, model: "sync-3" }, { account: "free" })).statusCode).toBe(402);
    expect((await postGeneration(world, lipsync, { account: "free" })).statusCode).toBe(201);
  });

  it("the free plan runs one generation at a time, unless the sandbox switches limits off", async () => {
    const world = await buildTestWorld();
    const create = async () => (await postGeneration(world, lipsync, { account: "free" })).statusCode;
    expect([await create(), await create()]).toEqual([201, 429]);
    await world.advance("2s");
    expect(await create()).toBe(201);
    world.sandbox.saveSettings({ limits: "off" });
    expect([await create(), await create(), await create()]).toEqual([201, 201, 201]);
  });

  it.each(["/v2/tts", "/v2/tts/jobs"])("the free plan allows ten generations of speech a month by %s", async (path) => {
    const world = await buildTestWorld();
    const speak = async (script = "Hello.", account = "free") =>
      post(world, path, { script, voiceId: "EXAVITQu4vr4xnSDxMaL" }, { account });
    for (let made = 0; made < 10; made += 1) expect((await speak()).statusCode).toBeLessThan(300);
    expect((await speak()).json()).toMatchObject({ statusCode: 402, errorCode: "free_tier_generations_exhausted" });
    expect((await postGeneration(world, lipsync, { account: "free" })).statusCode).toBe(201);
    await world.advance("31d");
    expect((await speak()).statusCode).toBeLessThan(300);
  });

  it("a failed speech job does not count on the free plan", async () => {
    const world = await buildTestWorld();
    for (let made = 0; made < 12; made += 1) {
      const body = { script: "fauxgen:fail Hello.", voiceId: "EXAVITQu4vr4xnSDxMaL" };
      expect((await post(world, "/v2/tts/jobs", body, { account: "free" })).statusCode).toBe(202);
      await world.advance("10s");
    }
  });

  it("a failed generation does not count on the free plan", async () => {
    const world = await buildTestWorld();
    for (let made = 0; made < 5; made += 1) {
      expect(
        (await postGeneration(world, marked(made % 2 === 0 ? "fail" : "reject"), { account: "free" })).statusCode,
      ).toBe(201);
      await world.advance("2s");
    }
  });

  it("the free plan does not include react-1", async () => {
    const response = await postGeneration(
      await buildTestWorld(),
      { ...lipsync, model: "react-1" },
      { account: "free" },
    );
    expect(response.json()).toMatchObject({ statusCode: 402, errorCode: "plan_feature_unavailable" });
  });
});
