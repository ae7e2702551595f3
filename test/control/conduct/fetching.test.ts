/** Tests the findings about clients and the results of their generations, and about requests that are not documented. */
import { describe, expect, it } from "vitest";
import { createGeneration, marked, readGeneration } from "../../support/acme.ts";
import { buildConductWorld, type ConductWorld } from "./conduct-world.ts";

async function readResult(world: ConductWorld, id: string): Promise<string> {
  await world.pass("1s");
  const { urls } = (await readGeneration(world, id)).json<{ urls: [string] }>();
  return new URL(urls[0]).pathname;
}

describe("output-never-fetched", () => {
  it("is a note ten seconds after the client was told a result that it does not fetch", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    const id = await createGeneration(world);
    await readResult(world, id);
    await world.pass("9s");
    expect(await world.found()).toEqual([]);
    await world.pass("1s");
    expect(await world.finding("output-never-fetched")).toMatchObject({ severity: "note", generation: id });
  });

  it("is found at once when the run is over", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await readResult(world, await createGeneration(world));
    expect(await world.found("?exit=0")).toEqual(["output-never-fetched"]);
  });

  it("is not found for a result that was fetched, nor for a failed generation", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    const path = await readResult(world, await createGeneration(world));
    await world.app.inject({ method: "GET", url: path });
    await readGeneration(world, await createGeneration(world, marked("fail")));
    await world.pass("1m");
    expect(await world.found("?exit=1")).toEqual([]);
  });
});

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

describe("failure-not-read", () => {
  it("is found if the command ended with 0 and nothing told the client of the failure", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    const id = await createGeneration(world, marked("fail"));
    await world.pass("1s");
    expect(await world.found()).toEqual([]);
    expect(await world.found("?exit=1")).toEqual([]);
    expect((await world.judge("?exit=0")).findings).toMatchObject([{ id: "failure-not-read", generation: id }]);
  });

  it("is not found if a read showed the failure", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    const id = await createGeneration(world, marked("fail"));
    await world.pass("1s");
    await readGeneration(world, id);
    expect(await world.found("?exit=0")).toEqual([]);
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
});

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
