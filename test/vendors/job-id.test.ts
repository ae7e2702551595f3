/** Tests the ids of generations in a sandbox that asks for another form of them. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../src/engine/sandbox/settings.ts";
import { vendors } from "../../src/vendors/index.ts";
import { buildTestWorld } from "../support/app.ts";
import { vendorNamed } from "../support/clients/clients.ts";
import { createOf } from "../support/provoke.ts";

const LONG = /^job-[0-9a-f]{64}$/;

describe.each(vendors)("a sandbox with long ids at $name", (vendor) => {
  it("makes generations whose ids have the other form, answers reads by them, and keeps the form of today for others", async () => {
    const client = vendorNamed(vendor.name);
    if (client === undefined) throw new Error(`There is no client for ${vendor.name}.`);
    const world = await buildTestWorld();
    const { path, body } = createOf(vendor);
    const create = async (): Promise<string> => {
      const created = await world.send(vendor, "main", { method: "POST", url: path, body });
      expect(created.statusCode, created.body).toBeLessThan(300);
      return client.idsOf(created.json())[0] ?? "";
    };
    const usual = await create();
    expect(usual).not.toMatch(LONG);
    world.sandbox.saveSettings(sandboxSettings.parse({ ids: "long" }));
    const long = await create();
    expect(long).toMatch(LONG);
    for (const id of [usual, long]) {
      const read = await world.send(vendor, "main", { method: "GET", url: client.readPath(id) });
      expect({ status: read.statusCode, hasId: read.body.includes(id) }, read.body).toEqual({
        status: 200,
        hasId: true,
      });
    }
    const unknown = `${long.slice(0, -1)}${long.endsWith("0") ? "1" : "0"}`;
    const missing = await world.send(vendor, "main", { method: "GET", url: client.readPath(unknown) });
    expect(missing.statusCode, missing.body).toBe(404);
  });
});
