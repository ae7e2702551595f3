/** Tests sync's webhook secret and health check. */
import { describe, expect, it } from "vitest";
import { buildTestWorld } from "../../../support/app.ts";
import { get, post } from "../../../support/sync.ts";
import { SYNC_SECRET } from "../../../support/verify-webhook.ts";

describe("an organisation of sync", () => {
  it("reads the secret that signs its webhooks", async () => {
    const world = await buildTestWorld();
    const read = await get(world, "/v2/organizations/webhook/secret");
    expect([read.statusCode, read.json()]).toEqual([200, { secret: SYNC_SECRET }]);
  });

  it("reads the secret that its sandbox's document gives it", async () => {
    const world = await buildTestWorld();
    world.sandbox.account("main").updateState("sync", { webhookSecret: "whsec_own" });
    expect((await get(world, "/v2/organizations/webhook/secret")).json()).toEqual({ secret: "whsec_own" });
    expect((await get(world, "/v2/organizations/webhook/secret", { account: "other" })).json()).toEqual({
      secret: SYNC_SECRET,
    });
  });

  it("gets 401 without a key, and 404 for another method", async () => {
    const world = await buildTestWorld();
    expect((await get(world, "/v2/organizations/webhook/secret", { account: null })).statusCode).toBe(401);
    expect((await post(world, "/v2/organizations/webhook/secret", {})).statusCode).toBe(404);
  });
});

describe("sync's health check", () => {
  it("answers 200 without a key and without a body", async () => {
    const world = await buildTestWorld();
    const answer = await get(world, "/v2/healthcheck", { account: null });
    expect([answer.statusCode, answer.body]).toEqual([200, ""]);
  });
});
