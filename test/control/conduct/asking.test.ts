/** Tests the findings about requests that are not documented, and about connections. */
import { describe, expect, it } from "vitest";
import { createGeneration, picture, postGeneration } from "../../support/acme.ts";
import { buildConductWorld } from "./conduct-world.ts";
import { listenToClients } from "./socket-client.ts";

describe("undocumented-path", () => {
  it("is found for a path without a route, and not for a known one", async () => {
    const world = await buildConductWorld();
    await world.ask({ method: "GET", url: "/acme/credits" });
    expect(await world.found()).toEqual([]);
    await world.ask({ method: "GET", url: "/acme/jbos" });
    expect(await world.finding("undocumented-path")).toMatchObject({ severity: "warning", count: 1 });
  });
});

describe("deprecated-operation", () => {
  it("is found with the vendor's successor", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    const id = await createGeneration(world);
    expect(await world.found()).toEqual([]);
    await world.pass("1s");
    await world.app.inject({
      method: "GET",
      url: `/acme/jobs/${id}/result`,
      headers: { "x-fauxgen-sandbox": world.sandbox.name },
    });
    expect(await world.finding("deprecated-operation")).toMatchObject({ what: "Use the urls of the job." });
  });
});

describe("undocumented-query", () => {
  it("is found once for each parameter that the route does not know, with the nearest known names", async () => {
    const world = await buildConductWorld();
    const id = await createGeneration(world);
    for (let round = 0; round < 2; round += 1) await world.ask({ method: "GET", url: `/acme/jobs/${id}?wiat=false` });
    const finding = await world.finding("undocumented-query");
    expect(finding).toMatchObject({ severity: "note", count: 2 });
    expect(finding.what).toBe("query.wiat is not known and was ignored. Did you mean wait?");
  });

  it("is not found for a documented parameter", async () => {
    const world = await buildConductWorld();
    await world.ask({ method: "GET", url: `/acme/jobs/${await createGeneration(world)}?wait=false` });
    expect(await world.found()).toEqual([]);
  });
});

describe("undocumented-field", () => {
  it("is found for a mistyped field, beside a mistyped parameter of the same request", async () => {
    const world = await buildConductWorld();
    await world.ask({ method: "POST", url: "/acme/jobs?waits=no", body: { ...picture, promt: "again" } });
    const { findings } = await world.judge();
    expect(findings.map(({ id, severity }) => `${severity} ${id}`).sort()).toEqual([
      "note undocumented-field",
      "note undocumented-query",
    ]);
    expect((await world.finding("undocumented-field")).what).toBe(
      "body.promt is not known and was ignored. Did you mean prompt?",
    );
  });

  it("is not found for documented fields", async () => {
    const world = await buildConductWorld();
    await postGeneration(world, { ...picture, ratio: "16:9", count: 2 });
    expect(await world.found()).toEqual([]);
  });
});

describe("connection-per-request", () => {
  it("is found for 20 requests one after the other over as many connections", async () => {
    const world = await buildConductWorld();
    const client = (await listenToClients(world))({ keepsAlive: false });
    for (let sent = 0; sent < 19; sent += 1) await client("/acme/credits");
    expect(await world.found()).toEqual([]);
    await client("/acme/credits");
    expect(await world.finding("connection-per-request")).toMatchObject({ severity: "note", count: 20 });
  });

  it("is not found for a client that keeps its connection, nor for requests side by side", async () => {
    const world = await buildConductWorld();
    const newClient = await listenToClients(world);
    const client = newClient();
    for (let sent = 0; sent < 25; sent += 1) await client("/acme/credits");
    await Promise.all(Array.from({ length: 25 }, () => newClient()("/acme/credits")));
    expect(await world.found()).toEqual([]);
  });

  it("is not found for connections that broke", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: { operation: "getCredits" }, fault: "CONNECTION_RESET_BY_PEER", times: 25 });
    const client = (await listenToClients(world))();
    for (let sent = 0; sent < 25; sent += 1) await client("/acme/credits").catch(() => undefined);
    expect(await world.found()).toEqual([]);
  });
});
