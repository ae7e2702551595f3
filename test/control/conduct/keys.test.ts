/** Tests the findings about keys in wrong places. */
import { describe, expect, it } from "vitest";
import { createGeneration, readGeneration } from "../../support/acme.ts";
import { acme } from "../../support/acme/index.ts";
import { bolt } from "../../support/acme/bolt.ts";
import { buildConductWorld, type ConductWorld } from "./conduct-world.ts";

async function readResult(world: ConductWorld, id: string): Promise<string> {
  await world.pass("1s");
  const { urls } = (await readGeneration(world, id)).json<{ urls: [string] }>();
  return new URL(urls[0]).pathname;
}

describe("key-sent-to-file-host", () => {
  it("is found for a download with the vendor's key, and not for one without", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    const path = await readResult(world, await createGeneration(world));
    await world.app.inject({ method: "GET", url: path });
    expect(await world.found()).toEqual([]);
    await world.ask({ method: "GET", url: path });
    expect(await world.finding("key-sent-to-file-host")).toMatchObject({ severity: "warning", count: 1 });
  });
});

describe("key-in-url", () => {
  it("is found for a key in the query, whose value is not shown", async () => {
    const world = await buildConductWorld();
    await world.ask({ method: "GET", url: "/acme/credits?api_key=acme_topsecret" });
    const finding = await world.finding("key-in-url");
    expect(finding).toMatchObject({ severity: "error", what: "Request 1 has a key in the query parameter api_key." });
    expect(JSON.stringify(finding)).not.toContain("topsecret");
  });

  it("is not found for a parameter that only sounds like one", async () => {
    const world = await buildConductWorld();
    await world.ask({ method: "GET", url: "/acme/credits?keyword=lighthouse" });
    expect(await world.found()).not.toContain("key-in-url");
  });

  it("is found for a request that has its key only there, in the sandbox that the key names", async () => {
    const world = await buildConductWorld();
    await world.app.inject({ method: "GET", url: "/acme/credits?api_key=acme_fx_world_main" });
    await world.app.inject({ method: "GET", url: "/acme/credits?api_key=acme_fx_elsewhere_main" });
    expect(await world.finding("key-in-url")).toMatchObject({ count: 1, requests: [{ status: 401 }] });
  });
});

describe("key-of-other-vendor", () => {
  it("is found for a key that is registered for another vendor, and does not show it", async () => {
    const world = await buildConductWorld();
    world.app.httpContext.sandboxes.registerKey(world.sandbox, "main", "a-key-of-bolt-only", { vendor: "bolt" });
    await world.ask({ method: "GET", url: "/acme/credits", key: "a-key-of-bolt-only" });
    const finding = await world.finding("key-of-other-vendor");
    expect(finding).toMatchObject({ severity: "error", vendor: "acme", count: 1, requests: [{ status: 401 }] });
    expect(finding.what).toMatch(/^Request \d+ to acme carried a key of bolt\.$/);
    expect(JSON.stringify(finding)).not.toContain("a-key-of-bolt-only");
  });

  it("is found for a key with another vendor's documented beginning", async () => {
    const prefixed = { ...bolt, keyPrefix: "bolt_live_" };
    const world = await buildConductWorld(undefined, undefined, {}, [acme, prefixed]);
    for (let round = 0; round < 2; round += 1)
      await world.ask({ method: "GET", url: "/acme/credits", key: "bolt_live_fx_world_main" });
    expect((await world.finding("key-of-other-vendor")).what).toBe("2 requests to acme carried a key of bolt.");
  });

  it("is not found for an unknown key, a revoked key, or a key that is registered for all vendors", async () => {
    const world = await buildConductWorld();
    world.app.httpContext.sandboxes.registerKey(world.sandbox, "main", "a-key-of-all");
    for (const key of ["nobody-knows-it", "acme_fx_world_revoked", "a-key-of-all"])
      await world.ask({ method: "GET", url: "/acme/credits", key });
    expect(await world.found()).toEqual([]);
  });
});
