import { describe, expect, it } from "vitest";
import { vivix } from "../../src/vendors/vivix/index.ts";
import { buildTestWorld } from "../support/app.ts";
import { control } from "../support/control.ts";

const model = {
  slug: "my-model",
  name: "Mine",
  category: "video",
  creator: "me",
  description: "Made up by a test.",
  params: {},
  credits_band: { min: 1, max: 3 },
};

const document = {
  catalogues: { vivix: { models: [model] } },
  scenarios: { "very-slow": { extends: "slow-job", phases: { queued: "2m" } } },
  rules: [{ when: { vendor: "vivix" }, scenario: "very-slow", times: 1 }],
  accounts: { poor: { vendors: { vivix: { granted: 2 } }, keys: ["vvx_live_poor"] } },
};

const submit = { method: "POST", url: "/api/v1/generate", body: { model: "my-model", prompt: "a boat" } } as const;

describe("PUT sandboxes/{s}/fixtures", () => {
  it("puts everything into a sandbox in one step, and a reset restores it", async () => {
    const world = await buildTestWorld({ catalogue: "strict" });
    const answer = await control(world.app, "PUT", "sandboxes/world/fixtures", document);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        sandbox: "world",
        catalogues: { vivix: { models: ["my-model"] } },
        scenarios: ["very-slow"],
        rules: 1,
        accounts: ["poor"],
      },
    });
    for (const round of ["applied", "reset"]) {
      if (round === "reset") await control(world.app, "POST", "sandboxes/world/reset");
      const made = await world.send(vivix, "main", submit);
      expect({ status: made.statusCode, scenario: made.headers["x-fauxgen-scenario"] }).toMatchObject({
        status: 201,
        scenario: expect.stringContaining("very-slow") as unknown,
      });
      const poor = await world.send(vivix, undefined, { ...submit, key: "vvx_live_poor" });
      expect(poor.json()).toMatchObject({ error: "INSUFFICIENT_CREDITS", balance: 2 });
    }
  });

  it("changes nothing when it is sent again", async () => {
    const world = await buildTestWorld();
    await control(world.app, "PUT", "sandboxes/world/fixtures", document);
    await world.send(vivix, "main", submit);
    const state = async () => ({
      sandbox: (await control(world.app, "GET", "sandboxes/world")).body,
      rules: (await control(world.app, "GET", "sandboxes/world/rules")).body,
      accounts: (await control(world.app, "GET", "sandboxes/world/accounts")).body,
    });
    const before = await state();
    expect((await control(world.app, "PUT", "sandboxes/world/fixtures", document)).status).toBe(200);
    expect(await state()).toEqual(before);
  });

  it("makes the sandbox where there is none", async () => {
    const world = await buildTestWorld();
    expect((await control(world.app, "PUT", "sandboxes/fresh/fixtures", document)).status).toBe(200);
    expect((await control(world.app, "GET", "sandboxes/fresh")).body.accounts).toContain("poor");
  });

  it("keeps what the sandbox has beside it, and its clock as it is", async () => {
    const world = await buildTestWorld();
    await control(world.app, "PUT", "sandboxes/world", {
      scenario: "fail",
      rules: [{ scenario: "succeed" }],
      accounts: { mine: {} },
      clock: { mode: "frozen" },
    });
    await control(world.app, "POST", "sandboxes/world/clock/resume");
    await control(world.app, "PUT", "sandboxes/world/fixtures", { accounts: { poor: {} } });
    const { document: kept, clock, accounts } = (await control(world.app, "GET", "sandboxes/world")).body;
    expect(kept).toMatchObject({
      scenario: "fail",
      rules: [{ scenario: "succeed" }],
      accounts: { mine: {}, poor: {} },
    });
    expect(clock.mode).toBe("running");
    expect(accounts).toEqual(expect.arrayContaining(["mine", "poor"]));
  });

  it.each([
    [{ ...document, rules: [{ when: { vendor: "vivx" }, scenario: "fail" }] }, "body.rules.0.when.vendor"],
    [{ ...document, rules: [{ scenario: "very-slo" }] }, "body.rules.0.scenario"],
    [{ ...document, catalogues: { vivix: { models: [model, {}] } } }, "body.catalogues.vivix.models.1.slug"],
    [
      { ...document, catalogues: { vivix: { voices: [], models: [{ ...model, colour: 1 }] } } },
      "body.catalogues.vivix.models.0.colour",
    ],
    [{ ...document, accounts: { a: { vendors: { vivix: { plan: "gold" } } } } }, "body.accounts.a.vendors.vivix.plan"],
    [{ ...document, scenarios: { "very-slow": { extends: "nothing-such" } } }, "body.scenarios.very-slow.extends"],
    [{ ...document, rulez: [] }, "body.rulez"],
  ])("refuses all of it for one part at fault, and says which %#", async (sent, field) => {
    const world = await buildTestWorld();
    const before = (await control(world.app, "GET", "sandboxes/world")).body;
    const refused = await control(world.app, "PUT", "sandboxes/world/fixtures", sent);
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect((await control(world.app, "GET", "sandboxes/world")).body).toEqual(before);
  });

  it("leaves everything as it was when a key is somebody else's", async () => {
    const world = await buildTestWorld();
    await control(world.app, "PUT", "sandboxes/elsewhere/fixtures", { accounts: document.accounts });
    const before = (await control(world.app, "GET", "sandboxes/world")).body;
    const refused = await control(world.app, "PUT", "sandboxes/world/fixtures", document);
    expect(refused).toMatchObject({ status: 409, body: { code: "key-taken" } });
    expect((await control(world.app, "GET", "sandboxes/world")).body).toEqual(before);
    expect((await control(world.app, "GET", "sandboxes/world/rules")).body.items).toEqual([]);
  });
});

describe("GET schemas/{name}.json", () => {
  it("has a JSON Schema for each kind of file", async () => {
    const world = await buildTestWorld();
    for (const name of ["rules", "accounts", "scenario", "fixtures", "sync-errors", "affogato-prices", "oxen-models"]) {
      const { status, body } = await control(world.app, "GET", `schemas/${name}.json`);
      expect(status).toBe(200);
      expect(body.$schema).toBe("http://json-schema.org/draft-07/schema#");
    }
    const accounts = (await control(world.app, "GET", "schemas/accounts.json")).body;
    const states = accounts.additionalProperties.properties.vendors.properties;
    expect(states.vivix.properties.plan.enum).toContain("pro");
    expect(states.vivix.required).toBeUndefined();
  });

  it("names the nearest for one that there is not", async () => {
    const world = await buildTestWorld();
    const missing = await control(world.app, "GET", "schemas/rule.json");
    expect(missing.status).toBe(404);
    expect(missing.body.detail).toContain("Did you mean rules.json");
  });
});
