/** Tests the findings about clients that send a request again. */
import { describe, expect, it } from "vitest";
import { createGeneration, marked, picture, postGeneration, readGeneration } from "../../support/acme.ts";
import { untilHeld } from "../../support/waiting.ts";
import { buildConductWorld } from "./conduct-world.ts";
import { listenToClients } from "./socket-client.ts";

const creating = { operation: "createGeneration" } as const;

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

  it("is found although another job's state was read in between, and not for a create beside it", async () => {
    const world = await buildConductWorld();
    const other = await createGeneration(world, marked("stuck"));
    await world.rule({ when: creating, fault: { status: 500 }, times: 1 });
    await Promise.all([postGeneration(world), postGeneration(world)]);
    expect(await world.found()).toEqual([]);
    await world.rule({ when: creating, fault: { status: 500 }, times: 1 });
    await postGeneration(world, { prompt: "a tower" });
    await readGeneration(world, other);
    await postGeneration(world, { prompt: "a tower" });
    expect(await world.found()).toEqual(["create-repeated"]);
  });

  it("is found for a create that is repeated after the client left before its answer", async () => {
    const world = await buildConductWorld();
    const client = (await listenToClients(world))();
    await world.rule({ when: creating, fault: { latency: "30s", when: "after" }, times: 1 });
    const leaving = new AbortController();
    const order = { method: "POST", body: picture } as const;
    const left = client("/acme/jobs", { ...order, signal: leaving.signal });
    await untilHeld(world.sandbox, 1);
    leaving.abort();
    await left.catch(() => undefined);
    await untilHeld(world.sandbox, 0);
    await client("/acme/jobs", order);
    const finding = await world.finding("create-repeated");
    expect(finding).toMatchObject({ severity: "error", count: 2 });
    expect(finding.what).toContain("the client left before its answer");
  });

  it("is found for a create that is repeated at once over the other connection of its client", async () => {
    const world = await buildConductWorld();
    const newClient = await listenToClients(world);
    const [one, other] = [newClient(), newClient()];
    for (const connection of [one, other]) await connection("/acme/credits");
    await world.pass("10s");
    await world.rule({ when: creating, fault: { status: 500 }, times: 1 });
    for (const connection of [one, other]) await connection("/acme/jobs", { method: "POST", body: picture });
    expect(await world.found()).toEqual(["create-repeated"]);
  });

  it("is not found for equal creates that four workers send at the same time", async () => {
    const world = await buildConductWorld();
    const newClient = await listenToClients(world);
    const workers = Array.from({ length: 4 }, () => newClient());
    for (const worker of workers) await worker("/acme/credits");
    await world.rule({ when: creating, fault: { status: 500 }, times: 1 });
    await Promise.all(workers.map((worker) => worker("/acme/jobs", { method: "POST", body: picture })));
    expect(await world.found()).toEqual([]);
  });

  it("is not found after a 503 with Retry-After, which tells the client to come back", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: creating, fault: { status: 503, headers: { "retry-after": "2" } }, times: 1 });
    await postGeneration(world);
    await world.pass("2s");
    await postGeneration(world);
    expect(await world.found()).toEqual([]);
  });

  it("is a note where the vendor calls repetitions safe, and nothing after an error that it tells to repeat", async () => {
    const safeRepeat = { after: [500], what: "A repeated create is safe.", source: "doc" } as const;
    const world = await buildConductWorld(undefined, undefined, { safeRepeat });
    await world.rule({ when: creating, fault: { status: 500 }, times: 1 });
    await postGeneration(world);
    await postGeneration(world);
    expect(await world.found()).toEqual([]);
    await world.rule({ when: creating, fault: { kind: "EMPTY_RESPONSE", when: "after" }, times: 1 });
    await postGeneration(world).catch(() => undefined);
    await postGeneration(world);
    expect(await world.finding("create-repeated")).toMatchObject({
      severity: "note",
      source: "A repeated create is safe. [doc]",
    });
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

  it("is not found for a file that appears late, nor for a deletion that waits for the end", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: { operation: "downloadOutput" }, fault: { status: 404 }, times: 1 });
    const id = await createGeneration(world);
    await world.rule({ when: { operation: "deleteGeneration" }, fault: { status: 409 }, times: 1 });
    await world.ask({ method: "DELETE", url: `/acme/jobs/${id}` });
    await world.pass("5m");
    await world.ask({ method: "DELETE", url: `/acme/jobs/${id}` });
    const other = await createGeneration(world);
    await world.pass("5m");
    const { urls } = (await readGeneration(world, other)).json<{ urls: [string] }>();
    for (let round = 0; round < 2; round += 1)
      await world.app.inject({ method: "GET", url: new URL(urls[0]).pathname });
    expect(await world.found()).toEqual([]);
  });

  it("is not found for the same request minutes later, such as a probe of the key at each start", async () => {
    const world = await buildConductWorld();
    for (let start = 0; start < 3; start += 1) {
      await world.ask({ method: "GET", url: "/acme/jobs/00000000-0000-4000-8000-000000000000" });
      await world.pass("5m");
    }
    expect(await world.found()).toEqual([]);
  });
});
