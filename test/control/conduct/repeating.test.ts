/** Tests the findings about clients that send a request again. */
import { describe, expect, it } from "vitest";
import { picture, postGeneration } from "../../support/acme.ts";
import { buildConductWorld } from "./conduct-world.ts";

const creating = { operation: "createGeneration" } as const;

describe("retry-after-ignored", () => {
  it("is found for a request before the seconds of the header have passed", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: creating, fault: { rateLimit: { retryAfterSeconds: 30 } }, times: 1 });
    await postGeneration(world);
    await world.pass("29s");
    await postGeneration(world);
    const finding = await world.finding("retry-after-ignored");
    expect(finding).toMatchObject({ severity: "error", count: 2, source: "RFC 9110, section 10.2.3" });
    expect(finding.what).toMatch(
      /^Request 2 came 29\d{3} ms after request 1 was answered 429 with "Retry-After: 30"\.$/,
    );
  });

  it("is not found once they have passed, nor for another account or operation", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: creating, fault: { rateLimit: { retryAfterSeconds: 30 } }, times: 1 });
    await postGeneration(world);
    await postGeneration(world, picture, { account: "other" });
    await world.ask({ method: "GET", url: "/acme/credits" });
    await world.pass("30s");
    await postGeneration(world);
    expect(await world.found()).toEqual([]);
  });
});

describe("create-repeated", () => {
  it.each([
    ["answered 503", { status: 503 }, "was answered 503"],
    ["cut off", "TRUNCATED_BODY", "was cut off or never answered"],
  ])("is found for an equal create after one that was %s", async (_how, fault, said) => {
    const world = await buildConductWorld();
    await world.rule({ when: creating, fault, times: 1 });
    await postGeneration(world, { prompt: "a tower", ratio: "1:1" }).catch(() => undefined);
    await postGeneration(world, { ratio: "1:1", prompt: "a tower" });
    const finding = await world.finding("create-repeated");
    expect(finding).toMatchObject({ severity: "error", count: 2 });
    expect(finding.what).toContain(said);
  });

  it("is not found with the same idempotency key, after a look at the generations, or for another body", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: creating, fault: { status: 503 }, times: 1, after: 0 });
    const headers = { "idempotency-key": "k1" };
    await postGeneration(world, picture, { headers });
    await postGeneration(world, picture, { headers });
    await world.rule({ when: creating, fault: { status: 500 }, times: 1 });
    await postGeneration(world, { prompt: "a bridge" });
    await postGeneration(world, { prompt: "a road" });
    expect(await world.found()).toEqual([]);
  });

  it("is not found after a 429, which says that nothing was made", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: creating, fault: { status: 429 }, times: 1 });
    await postGeneration(world);
    await postGeneration(world);
    expect(await world.found()).not.toContain("create-repeated");
  });
});

describe("idempotency-key-reused", () => {
  it("is found for one key with different bodies, and not for its repetition", async () => {
    const world = await buildConductWorld();
    const headers = { "idempotency-key": "k1" };
    await postGeneration(world, picture, { headers });
    await postGeneration(world, picture, { headers });
    expect(await world.found()).toEqual([]);
    await postGeneration(world, { prompt: "a bridge" }, { headers });
    expect(await world.finding("idempotency-key-reused")).toMatchObject({ severity: "error", count: 2 });
  });
});

describe("retried-final-error", () => {
  it("is found for an unchanged request after a 400", async () => {
    const world = await buildConductWorld();
    for (let round = 0; round < 3; round += 1) await postGeneration(world, { prompt: 5 });
    const finding = await world.finding("retried-final-error");
    expect(finding).toMatchObject({ severity: "warning", count: 3 });
    expect(finding.what).toBe("POST /acme/jobs was answered 400 and sent again 2 times unchanged.");
  });

  it("is not found for a corrected request, another key, or a 404 soon after a create", async () => {
    const world = await buildConductWorld();
    await postGeneration(world, { prompt: 5 });
    await postGeneration(world, { prompt: "five" });
    await world.ask({ method: "GET", url: "/acme/credits", key: "acme_fx_world_revoked" });
    await world.ask({ method: "GET", url: "/acme/credits" });
    const early = { method: "GET", url: "/acme/jobs/00000000-0000-4000-8000-000000000000" } as const;
    await world.ask(early);
    await world.ask(early);
    expect(await world.found()).toEqual([]);
  });
});
