/** Tests what the request pipeline does the same for every vendor: the journal, and errors outside the routes. */
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/http/errors/outcome.ts";
import { vendors } from "../../../src/vendors/index.ts";
import { buildTestWorld, worldIn } from "../../support/app.ts";
import { provokeInWorld } from "../../support/provoke.ts";
import { listenComparing } from "../../support/wire.ts";

describe.each(vendors.map((vendor) => ({ vendor, name: vendor.name })))("$name", ({ vendor }) => {
  it("records the requests of every outcome in the journal as the client received them", async () => {
    const { app, count } = await listenComparing();
    for (const outcome of vendor.outcomes) {
      const world = worldIn(app, "world");
      const { response } = await provokeInWorld(vendor, outcome, world);
      expect({ ...named(outcome), status: response.statusCode }).toEqual(named(outcome));
      app.httpContext.sandboxes.delete(world.sandbox);
    }
    expect(count()).toBeGreaterThan(vendor.outcomes.length);
  }, 60_000);
});

const named = ({ operation, status, code }: Outcome): object => ({ operation, status, code });

describe("the journal of a reply", () => {
  it.each(vendors)("records $name's errors outside its routes as they were sent", async (vendor) => {
    const world = worldIn((await listenComparing()).app, "world");
    const url = vendor.prefixes[0] ?? "";
    const create = vendor.outcomes.find(({ operation }) => operation === "createGeneration")?.provoke.path ?? "";
    const headers = { "content-type": "application/json" };
    await world.send(vendor, "main", { method: "GET", url: `${url}/no/such/route` });
    await world.send(vendor, undefined, { method: "POST", url: create, body: {} });
    await world.send(vendor, "main", { method: "POST", url: create, headers, body: "{" });
    await world.send(vendor, "main", { method: "POST", url: create, headers: { "content-type": "text/x" }, body: "x" });
    await world.send(vendor, "main", { method: "HEAD", url: create });
  });
});

describe("a rule", () => {
  it.each(vendors)("answers its explicit Retry-After at $name", async (vendor) => {
    const world = await buildTestWorld();
    const path = vendor.prefixes[0] ?? "";
    world.sandbox.rules.add({ when: {}, fault: { rateLimit: { retryAfterSeconds: 7 } } }, "control");
    const limited = await world.send(vendor, "main", { method: "GET", url: path });
    expect(limited).toMatchObject({ statusCode: 429, headers: { "retry-after": "7" } });
  });
});
