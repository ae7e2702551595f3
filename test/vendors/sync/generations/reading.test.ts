/** Tests how sync answers reads of a generation, held reads included. */
import { describe, expect, it } from "vitest";
import { buildTestWorld, type TestWorld } from "../../../support/app.ts";
import { createGeneration, marked, postGeneration, readGeneration } from "../../../support/sync.ts";
import { untilHeld } from "../../../support/waiting.ts";

type Json = Record<string, unknown>;

/** Builds a world in the newer vintage. */
async function newerWorld(): Promise<TestWorld> {
  const world = await buildTestWorld();
  world.sandbox.saveSettings({ vintages: { sync: "2026-11" } });
  return world;
}

describe("wait=true in vintage 2026-06", () => {
  it("a held read is answered when the generation ends", async () => {
    const world = await buildTestWorld();
    const waiting = readGeneration(world, await createGeneration(world), "?wait=true");
    await untilHeld(world.sandbox, 1);
    await world.advance("2s");
    const response = await waiting;
    expect(response.json()).toMatchObject({ status: "COMPLETED" });
    expect(response.headers).not.toHaveProperty("x-sync-wait-mode");
    expect(response.headers).not.toHaveProperty("retry-after");
  });

  it("a read of an ended generation is answered at once", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world);
    await world.advance("2s");
    expect((await readGeneration(world, id, "?wait=true")).json()).toMatchObject({ status: "COMPLETED" });
  });

  it.each([
    ["", 30],
    ["&timeout=12.5", 12.5],
    ["&timeout=55", 55],
    ["&timeout=600", 55],
    ["&timeout=.25", 0.25],
  ])("a read with the timeout in %j is held for %d s and answers the current state", async (query, seconds) => {
    const world = await buildTestWorld();
    const waiting = readGeneration(world, await createGeneration(world, marked("stuck")), `?wait=true${query}`);
    await untilHeld(world.sandbox, 1);
    await world.advance(`${seconds * 1000 - 1}ms`);
    expect(world.sandbox.heldRequests.count).toBe(1);
    await world.advance("1ms");
    expect(world.sandbox.heldRequests.count).toBe(0);
    const response = await waiting;
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ status: seconds < 1 ? "PENDING" : "PROCESSING", outputUrl: null });
  });

  it.each(["0", "-1", "soon", "", "1e3", "5&timeout=6"])("a read refuses timeout=%s", async (timeout) => {
    const world = await buildTestWorld();
    const response = await readGeneration(world, await createGeneration(world), `?wait=true&timeout=${timeout}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ error: "Bad Request", statusCode: 400 });
  });

  it.each(["wait=false", "wait=0", "wait=False&timeout=3"])("a read with %s is not held", async (query) => {
    const world = await buildTestWorld();
    const response = await readGeneration(world, await createGeneration(world), `?${query}`);
    expect(response.json()).toMatchObject({ status: "PENDING" });
  });
});

describe("wait=true in vintage 2026-11", () => {
  it("a read is held for 5 s by default, and its Retry-After says when to read again", async () => {
    const world = await newerWorld();
    const waiting = readGeneration(world, await createGeneration(world, marked("stuck")), "?wait=true");
    await untilHeld(world.sandbox, 1);
    await world.advance("5s");
    const response = await waiting;
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      "retry-after": "2",
      "x-sync-wait-mode": "long_poll",
      "x-sync-wait-timeout-seconds": "5",
    });
  });

  it("the final response has no Retry-After", async () => {
    const world = await newerWorld();
    const waiting = readGeneration(world, await createGeneration(world), "?wait=true&timeout=10");
    await untilHeld(world.sandbox, 1);
    await world.advance("2s");
    const response = await waiting;
    expect(response.headers).toMatchObject({
      "x-sync-wait-mode": "long_poll",
      "x-sync-wait-timeout-seconds": "10",
    });
    expect(response.headers).not.toHaveProperty("retry-after");
  });

  it.each(["0.5", "11", "55"])("a read refuses timeout=%s, with and without wait=true", async (timeout) => {
    const world = await newerWorld();
    const id = await createGeneration(world);
    expect((await readGeneration(world, id, `?wait=true&timeout=${timeout}`)).statusCode).toBe(400);
    expect((await readGeneration(world, id, `?timeout=${timeout}`)).statusCode).toBe(400);
  });
});

describe("include=progress", () => {
  it("only include=progress adds progress_percent, as the last key", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world);
    await world.advance("1s");
    const response = await readGeneration(world, id, "?include=other,progress");
    expect(Object.keys(response.json<Json>()).at(-1)).toBe("progress_percent");
    expect(response.json()).toMatchObject({ status: "PROCESSING", progress_percent: 33 });
    expect((await readGeneration(world, id)).json()).not.toHaveProperty("progress_percent");
  });

  it.each(["2026-06", "2026-11"])("vintage %s refuses include=progress with wait=true", async (vintage) => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings({ vintages: { sync: vintage } });
    const response = await readGeneration(world, await createGeneration(world), "?wait=true&include=progress");
    expect(response.statusCode).toBe(400);
    expect(response.headers["x-fauxgen-diagnostic"]).toMatch(/^PROGRESS_WITH_WAIT/);
    expect(world.sandbox.heldRequests.count).toBe(0);
  });
});

describe("failed and rejected generations", () => {
  it.each([
    ["fail", "FAILED", "generation_pipeline_failed"],
    ["fail=generation_input_video_inaccessible", "FAILED", "generation_input_video_inaccessible"],
    ["reject", "REJECTED", "generation_input_validation_failed"],
    ["reject=plan_feature_unavailable", "REJECTED", "plan_feature_unavailable"],
  ])(
    "a generation with the scenario %s is %s and has its code in errorCode and error_code",
    async (marker, status, code) => {
      const world = await buildTestWorld();
      const id = await createGeneration(world, marked(marker));
      await world.advance("2s");
      const body = (await readGeneration(world, id)).json<Json>();
      expect(body).toMatchObject({ status, errorCode: code, error_code: code, outputUrl: null, outputDuration: null });
      expect(body.error).toEqual(expect.stringMatching(/./));
    },
  );

  it("a rejected generation was never PROCESSING", async () => {
    const world = await buildTestWorld();
    const id = await createGeneration(world, marked("reject"));
    await world.advance("499ms");
    expect((await readGeneration(world, id)).json()).toMatchObject({ status: "PENDING" });
    await world.advance("1ms");
    expect((await readGeneration(world, id)).json()).toMatchObject({ status: "REJECTED" });
  });

  it("a generation cannot fail with a code that only refused requests have", async () => {
    const world = await buildTestWorld();
    const response = await postGeneration(world, marked("fail=rate_limit_exceeded"));
    expect(response.statusCode).toBe(400);
    expect(response.headers["x-fauxgen-diagnostic"]).toMatch(/^FAILURE_CODE_UNKNOWN/);
  });
});
