/** Tests the findings about clients and the results of their generations. */
import { describe, expect, it } from "vitest";
import { createGeneration, marked, picture, readGeneration } from "../../support/acme.ts";
import { until } from "../../support/waiting.ts";
import { buildConductWorld, type ConductWorld } from "./conduct-world.ts";
import { listenToClients } from "./socket-client.ts";

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

describe("output-never-fetched for a generation with several results", () => {
  it("counts the results that were not asked for", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    const id = await createGeneration(world, { ...picture, count: 3 });
    await world.pass("1s");
    const { urls } = (await readGeneration(world, id)).json<{ urls: string[] }>();
    for (const url of urls.slice(1)) await world.app.inject({ method: "GET", url: new URL(url).pathname });
    await world.pass("10s");
    expect((await world.finding("output-never-fetched")).what).toBe(
      `1 of the 3 results of ${id} were told to the client and never fetched.`,
    );
    await world.app.inject({ method: "GET", url: new URL(urls[0] ?? "").pathname });
    expect(await world.found()).toEqual([]);
  });

  it("counts a download that was cut off as asked for", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await world.rule({ when: { operation: "downloadOutput" }, fault: "EMPTY_RESPONSE" });
    const client = (await listenToClients(world))();
    const path = await readResult(world, await createGeneration(world));
    await client(path, { withKey: false }).catch(() => undefined);
    await world.pass("1m");
    expect(await world.found()).toEqual([]);
  });
});

describe("output-fetched-late", () => {
  it("is found for a download long after the answer with the link, which had expired", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await world.rule({ when: { operation: "downloadOutput" }, fault: { status: 403 }, times: 1 });
    const id = await createGeneration(world);
    const path = await readResult(world, id);
    await world.pass("2h");
    await world.app.inject({ method: "GET", url: path });
    expect(await world.finding("output-fetched-late")).toMatchObject({ severity: "warning", count: 1, generation: id });
  });

  it("is not found for a link that was used at once, nor once a fresh link was read and used", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await world.rule({ when: { operation: "downloadOutput" }, fault: { status: 403 }, times: 2 });
    const soon = await readResult(world, await createGeneration(world));
    await world.app.inject({ method: "GET", url: soon });
    expect(await world.found()).toEqual([]);
    const id = await createGeneration(world);
    const path = await readResult(world, id);
    await world.pass("2h");
    await world.app.inject({ method: "GET", url: path });
    await readGeneration(world, id);
    await world.app.inject({ method: "GET", url: path });
    expect(await world.found()).toEqual([]);
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

  it("is not found if an event stream of the account was open at the end, and is found if it was opened later", async () => {
    const world = await buildConductWorld();
    const client = (await listenToClients(world))();
    const leaving = new AbortController();
    const follow = () => client("/acme/events", { signal: leaving.signal }).catch(() => undefined);
    const early = await createGeneration(world, marked("fail"));
    await world.pass("5m");
    const streams = [follow()];
    await until(() => world.sandbox.events.isFollowed);
    expect((await world.judge("?exit=0")).findings).toMatchObject([{ id: "failure-not-read", generation: early }]);
    await createGeneration(world, marked("fail"));
    await world.pass("5m");
    expect((await world.judge("?exit=0")).findings).toMatchObject([{ id: "failure-not-read", generation: early }]);
    leaving.abort();
    await Promise.all(streams);
  });
});
