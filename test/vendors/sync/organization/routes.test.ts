/** Tests sync's account, webhook secret and health check. */
import { describe, expect, it } from "vitest";
import { buildTestWorld } from "../../../support/app.ts";
import { createGeneration, get, lipsync, post } from "../../../support/sync.ts";
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

describe("GET /v2/account", () => {
  it.each([
    ["main", "enterprise", "enterprise"],
    ["free", "free", "free"],
    ["limited", "hobbyist", "usage"],
    ["broke", "creator", "usage"],
  ])("the account of %s has the plan %s and pays by %s", async (account, plan, billingModel) => {
    const world = await buildTestWorld();
    expect((await get(world, "/v2/account", { account })).json()).toMatchObject({
      account: { name: "owner" },
      organization: { name: account, role: "owner" },
      credentialType: "api_key",
      plan,
      billingModel,
      billingUrl: expect.stringMatching(/^https:/),
    });
  });

  it("the free plan's allowance shows what is used, and when it begins anew", async () => {
    const world = await buildTestWorld();
    const balanceOf = async () =>
      (await get(world, "/v2/account", { account: "free" })).json<{ balance: unknown }>().balance;
    await createGeneration(world, lipsync, { account: "free" });
    const now = new Date(world.sandbox.clock.now());
    const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1)).toISOString();
    expect(await balanceOf()).toEqual({
      credits: null,
      freeMonthlyLimits: {
        generations: { used: 1, max: 3 },
        textToSpeech: { used: 0, max: 10 },
        monthlyResetDate: next,
      },
    });
  });

  it("two users of an organisation are two users of one organisation", async () => {
    const world = await buildTestWorld();
    const read = async (account: string) =>
      (await get(world, "/v2/account", { account })).json<{ account: { id: string }; organization: { id: string } }>();
    const [owner, colleague, other] = [await read("main"), await read("main_colleague"), await read("other")];
    expect(colleague.organization).toMatchObject({ id: owner.organization.id, role: "member" });
    expect(colleague.account.id).not.toBe(owner.account.id);
    expect(other.organization.id).not.toBe(owner.organization.id);
  });

  it("the token of a tool server's login is told from a key", async () => {
    const world = await buildTestWorld();
    const headers = { authorization: "Bearer fx_world_main", "x-sync-source": "mcp:claude" };
    const response = await get(world, "/v2/account", { account: null, headers });
    expect(response.json()).toMatchObject({ credentialType: "oauth" });
  });
});
