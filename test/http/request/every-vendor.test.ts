/** Tests what the request pipeline does the same for every vendor: the journal, and errors outside the routes. */
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/http/errors/outcome.ts";
import { keyFormOf } from "../../../src/http/request/key-header.ts";
import { vendors } from "../../../src/vendors/index.ts";
import { buildTestWorld, worldIn } from "../../support/app.ts";
import { createOf, provokeInWorld } from "../../support/provoke.ts";
import { listenComparing } from "../../support/wire.ts";

describe.each(vendors.map((vendor) => ({ vendor, name: vendor.name })))("$name", ({ vendor }) => {
  it("records the requests of every outcome in the journal as the client received them", async () => {
    const { app, count } = await listenComparing();
    for (const outcome of vendor.outcomes) {
      const world = worldIn(app, "world");
      const { response } = await provokeInWorld(vendor, outcome, world);
      expect({ ...named(outcome), status: response.statusCode }).toEqual(named(outcome));
      // A documented request has no parameter that its route does not know.
      if (outcome.status < 300)
        expect(String(response.headers["x-fauxgen-diagnostic"])).not.toContain("PARAMETER_UNKNOWN");
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

describe("a key", () => {
  it.each(
    vendors.flatMap((vendor) => vendors.map((other) => ({ name: vendor.name, otherName: other.name, vendor, other }))),
  )("of $otherName at $name is taken only if it has the form of $name's keys", async ({ vendor, other }) => {
    const world = await buildTestWorld();
    const key = other.keyFrom("fx_world_main");
    const url = vendor.outcomes.find(({ operation }) => operation === "listGenerations")?.provoke.path ?? "";
    const { statusCode, headers } = await world.send(vendor, "main", {
      method: "GET",
      url: url || "/api/v1/credits",
      key,
    });
    const isRight = key === vendor.keyFrom("fx_world_main");
    expect(statusCode === 401).toBe(!isRight);
    if (!isRight) expect(headers["x-fauxgen-diagnostic"]).toContain(vendor.keyFrom("fx_world_main"));
    const entry = world.app.httpContext.journals.of(world.app.httpContext.sandboxes.default).entries().at(-1);
    if (!isRight) expect(entry).toMatchObject({ status: 401, diagnostics: [{ code: "KEY_UNKNOWN" }] });
  });

  it.each(vendors)("with a scheme in a header that takes only the key is refused at $name", async (vendor) => {
    const world = await buildTestWorld();
    const { header, prefix } = keyFormOf(vendor);
    const key = vendor.keyFrom("fx_world_main");
    const wrong = prefix === "" ? `Bearer ${key}` : key;
    const { path: url } = createOf(vendor);
    const { statusCode, headers } = await world.app.inject({ method: "POST", url, headers: { [header]: wrong } });
    expect(statusCode).toBe(401);
    const said = prefix === "" ? 'has "Bearer" before the key' : `does not have the form "Bearer <key>"`;
    expect(headers["x-fauxgen-diagnostic"]).toContain(said);
  });
});
