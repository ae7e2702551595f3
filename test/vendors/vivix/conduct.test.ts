/** Tests what the facts of Vivix Atelier make of the conduct of its clients. */
import { describe, expect, it } from "vitest";
import { vivix } from "../../../src/vendors/vivix/index.ts";
import { buildTestWorld, type TestWorld } from "../../support/app.ts";
import { findingsOf, foundIn } from "../../support/conduct.ts";
import { postGeneration } from "../../support/vivix.ts";

async function addFault(world: TestWorld, fault: unknown): Promise<void> {
  await world.app.inject({
    method: "POST",
    url: `/_fauxgen/sandboxes/${world.sandbox.name}/rules`,
    payload: { when: { operation: "createGeneration" }, fault, times: 1 },
  });
}

describe("create-repeated", () => {
  it("is not found after an error that the errors page tells to repeat, and a note after a lost answer", async () => {
    const world = await buildTestWorld();
    for (const status of [500, 503]) {
      await addFault(world, { status });
      for (let round = 0; round < 2; round += 1) await postGeneration(world);
    }
    expect(await foundIn(world)).toEqual([]);
    await addFault(world, { kind: "CONNECTION_RESET_BY_PEER", when: "after" });
    for (let round = 0; round < 2; round += 1) await postGeneration(world).catch(() => undefined);
    expect(await foundIn(world)).toEqual(["note create-repeated"]);
  });
});

describe("key-of-other-vendor", () => {
  it("is found in the sandbox that the key names, for keys of vivix elsewhere and of others at vivix", async () => {
    const world = await buildTestWorld();
    const name = world.sandbox.name;
    const send = (url: string, headers: Record<string, string>) => world.app.inject({ method: "GET", url, headers });
    await send("/v2/generations", { "x-api-key": `vvx_live_fx_${name}_main` });
    await send("/api/v1/credits", { authorization: `Bearer fx_${name}_main` });
    await send("/api/v1/credits", { authorization: "Bearer fx_elsewhere_main" });
    const found = await findingsOf(world);
    expect(found.map(({ vendor, what }) => `${vendor}: ${what.replace(/^Request \d+/, "It")}`).sort()).toEqual([
      "sync: It to sync carried a key of vivix.",
      "vivix: It to vivix carried a key of another vendor.",
    ]);
  });

  it("is not found for a key without an account", async () => {
    const world = await buildTestWorld();
    await world.send(vivix, "main", { method: "GET", url: "/api/v1/credits", key: "vvx_live_unknown" });
    expect(await foundIn(world)).toEqual([]);
  });
});
