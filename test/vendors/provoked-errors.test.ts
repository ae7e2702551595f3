/** Tests that an error which a test provokes by its code has the fields of the vendor's own error. */
import type { Response } from "light-my-request";
import { describe, expect, it } from "vitest";
import { vendors } from "../../src/vendors/index.ts";
import { buildTestWorld, type TestWorld } from "../support/app.ts";
import { createOf } from "../support/provoke.ts";

/** Sends a create of a vendor that a scenario refuses with a code. */
async function refuse(name: string, code: string, change: Readonly<Record<string, unknown>> = {}): Promise<Response> {
  return send(await buildTestWorld(), name, { "x-fauxgen-scenario": `error=${code}` }, change);
}

async function send(
  world: TestWorld,
  name: string,
  headers: Readonly<Record<string, string>>,
  change: Readonly<Record<string, unknown>> = {},
): Promise<Response> {
  const vendor = vendors.find((each) => each.name === name);
  if (vendor === undefined) throw new Error(`There is no ${name}.`);
  const { path, body: given } = createOf(vendor);
  const body = Array.isArray(given) ? (given as unknown[]) : { ...(given as object), ...change };
  return world.send(vendor, "main", { method: "POST", url: path, body, headers });
}

describe("errors that a test provokes by code", () => {
  it("vivix's INSUFFICIENT_CREDITS has the balance and the needed credits", async () => {
    const { balance, needed } = (await refuse("vivix", "INSUFFICIENT_CREDITS")).json<Record<string, number>>();
    expect({ balance, needed }).toEqual({ balance: 1_000_000, needed: 1_000_211 });
  });

  it("vivix's errors name the model and the parameter at fault", async () => {
    expect((await refuse("vivix", "MODEL_NOT_ALLOWED", { model: "my-model" })).json()).toMatchObject({
      model: "my-model",
    });
    expect((await refuse("vivix", "INVALID_PARAMS")).json()).toMatchObject({ param: "prompt" });
  });

  it.each([
    ["vivix", "RATE_LIMITED"],
    ["oxen", "rate_limit_exceeded"],
    ["affogato", "GE14"],
  ])("the rate limit error of %s says when to retry", async (name, code) => {
    const { statusCode, headers } = await refuse(name, code);
    expect(statusCode).toBe(429);
    expect(headers["retry-after"]).toMatch(/^([1-9]|[1-5]\d|60)$/);
  });

  it("oxen's model_not_found names the model", async () => {
    const refused = await refuse("oxen", "model_not_found", { model: "my-model" });
    expect(refused.json()).toEqual({ error: { message: "Model not found: my-model" } });
  });

  it("sync's concurrency_limit_reached has the limit of the organisation's plan", async () => {
    expect((await refuse("sync", "concurrency_limit_reached")).json()).toMatchObject({
      activeGenerations: 50,
      concurrencyLimit: 50,
      retryAfterSeconds: 2,
      upgradeUrl: "https://sync.so/billing/subscription",
    });
    expect((await refuse("sync", "project_not_found")).json()).toMatchObject({ field: "projectId" });
  });

  it("sync's IDEMPOTENCY_OUTCOME_UNKNOWN names the generation that the key created before", async () => {
    const world = await buildTestWorld();
    const key = { "idempotency-key": "order-7" };
    const { id } = (await send(world, "sync", key)).json<{ id: string }>();
    world.sandbox.rules.add({ when: {}, fault: { error: "IDEMPOTENCY_OUTCOME_UNKNOWN" } }, "control");
    const again = await send(world, "sync", key);
    expect({ status: again.statusCode, body: again.json<unknown>() }).toMatchObject({
      status: 503,
      body: { errorCode: "IDEMPOTENCY_OUTCOME_UNKNOWN", generationId: id },
    });
    expect((await send(world, "sync", {})).json()).not.toHaveProperty("generationId");
  });

  it("a rule's error has the same fields as a scenario's, by code and by status", async () => {
    const world = await buildTestWorld();
    world.sandbox.rules.add({ when: {}, fault: { error: "INSUFFICIENT_CREDITS" }, times: 1 }, "control");
    expect((await send(world, "vivix", {})).json()).toMatchObject({ balance: 1_000_000, needed: 1_000_211 });
    world.sandbox.rules.add({ when: {}, fault: { status: 429 }, times: 1 }, "control");
    expect((await send(world, "vivix", {})).headers["retry-after"]).toBeDefined();
  });
});
