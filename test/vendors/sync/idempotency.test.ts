/** Tests that an Idempotency-Key creates one job, and for how long. */
import { describe, expect, it } from "vitest";
import { buildTestWorld, type TestWorld } from "../../support/app.ts";
import { createGeneration, idOf, lipsync, marked, postGeneration, remove } from "../../support/sync.ts";

/** Creates a generation under a key. */
const create = (
  world: TestWorld,
  key: string,
  { body = lipsync, account = "main" }: { readonly body?: unknown; readonly account?: string } = {},
) => postGeneration(world, body, { account, headers: { "idempotency-key": key } });

describe("Idempotency-Key", () => {
  it("a repeated key with the same inputs answers 201 with the same generation in its current state", async () => {
    const world = await buildTestWorld();
    const first = await create(world, "order-1");
    await world.advance("2s");
    const replay = await create(world, "order-1");
    expect(replay.statusCode).toBe(201);
    expect(replay.json()).toMatchObject({ id: idOf(first), status: "COMPLETED" });
    expect(world.sandbox.generations.count({})).toBe(1);
  });

  it("inputs are the same in any order of their keys", async () => {
    const world = await buildTestWorld();
    const first = await create(world, "order-1");
    const { model, input } = lipsync;
    const turned = input.map(({ type, url }) => ({ url, type }));
    expect(idOf(await create(world, "order-1", { body: { input: turned, model } }))).toBe(idOf(first));
  });

  it("a used key with other inputs is refused", async () => {
    const world = await buildTestWorld();
    await create(world, "order-1");
    const conflict = await create(world, "order-1", { body: { ...lipsync, model: "lipsync-2-pro" } });
    expect(conflict.json()).toMatchObject({ statusCode: 409, errorCode: "generation_conflict" });
  });

  it("a key belongs to its organisation and is case-sensitive", async () => {
    const world = await buildTestWorld();
    const first = idOf(await create(world, "order-1"));
    expect(idOf(await create(world, "order-1", { account: "other" }))).not.toBe(first);
    expect(idOf(await create(world, "Order-1"))).not.toBe(first);
  });

  it("a key is kept for 24 hours of the sandbox's clock", async () => {
    const world = await buildTestWorld();
    const first = idOf(await create(world, "order-1"));
    await world.advance("23h");
    expect(idOf(await create(world, "order-1"))).toBe(first);
    await world.advance("1h");
    const second = idOf(await create(world, "order-1"));
    expect(second).not.toBe(first);
    expect(idOf(await create(world, "order-1"))).toBe(second);
  });

  it("a refused create does not bind its key", async () => {
    const world = await buildTestWorld();
    expect((await create(world, "order-1", { body: { ...lipsync, model: "gpt-5" } })).statusCode).toBe(400);
    expect((await create(world, "order-1", { body: marked("error=controller_unavailable") })).statusCode).toBe(503);
    expect((await create(world, "order-1")).statusCode).toBe(201);
  });

  it("a replay uses neither a concurrency slot nor the allowance", async () => {
    const world = await buildTestWorld();
    const first = idOf(await create(world, "order-1", { account: "limited" }));
    expect(idOf(await create(world, "order-1", { account: "limited" }))).toBe(first);
    for (let sent = 0; sent < 5; sent += 1)
      expect((await create(world, "free-1", { account: "free" })).statusCode).toBe(201);
  });

  it("a keyed create whose speech may have been made has an unknown outcome, and names the generation if there is one", async () => {
    const world = await buildTestWorld();
    const unavailable = marked("error=elevenlabs_service_unavailable");
    expect((await postGeneration(world, unavailable)).json()).toMatchObject({
      statusCode: 503,
      errorCode: "elevenlabs_service_unavailable",
    });
    const keyed = { headers: { "idempotency-key": "speech-1" } };
    const unknown = await postGeneration(world, unavailable, keyed);
    expect(unknown.json()).toMatchObject({ statusCode: 503, errorCode: "IDEMPOTENCY_OUTCOME_UNKNOWN" });
    expect(unknown.json()).not.toHaveProperty("generationId");
    const id = await createGeneration(world, lipsync, keyed);
    world.sandbox.rules.add({ when: {}, fault: { error: "elevenlabs_service_unavailable" }, times: 1 }, "control");
    expect((await postGeneration(world, lipsync, keyed)).json()).toMatchObject({
      errorCode: "IDEMPOTENCY_OUTCOME_UNKNOWN",
      generationId: id,
    });
  });

  it("a replay of a deleted generation is a 404", async () => {
    const world = await buildTestWorld();
    const id = idOf(await create(world, "order-1"));
    await world.advance("2s");
    await remove(world, `/v2/generations/${id}`);
    expect((await create(world, "order-1")).statusCode).toBe(404);
  });

  it.each(["", " ", "a b", "a,b", "x".repeat(129), "ключ", "a/b"])("the key %j is refused", async (key) => {
    const world = await buildTestWorld();
    const response = await create(world, key);
    expect(response.json()).toMatchObject({ statusCode: 400, errorCode: "INVALID_IDEMPOTENCY_KEY" });
  });

  it.each(["a", "x".repeat(128), "A-Z.a_z~0-9"])("the key %j is accepted", async (key) => {
    expect((await create(await buildTestWorld(), key)).statusCode).toBe(201);
  });
});
