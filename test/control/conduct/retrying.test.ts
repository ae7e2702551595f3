/** Tests the finding about clients that do not wait as an answer asks. */
import { describe, expect, it } from "vitest";
import { createGeneration, marked, picture, postGeneration, readGeneration } from "../../support/acme.ts";
import { buildConductWorld } from "./conduct-world.ts";
import { listenToClients } from "./socket-client.ts";

const creating = { operation: "createGeneration" } as const;
const reading = { operation: "getGeneration" } as const;

describe("retry-after-ignored", () => {
  it("is found for a request before the seconds of the header have passed", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: creating, fault: { rateLimit: { retryAfterSeconds: 30 } }, times: 1 });
    await postGeneration(world);
    await world.pass("29s");
    await postGeneration(world);
    const finding = await world.finding("retry-after-ignored");
    expect(finding).toMatchObject({ severity: "error", count: 2, source: "RFC 9110, section 10.2.3" });
    expect(finding.what).toMatch(
      /^Request 2 came 29\d{3} ms after request 1 was answered 429 with "Retry-After: 30"\.$/,
    );
  });

  it("is not found once they have passed, nor for another account or operation", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: creating, fault: { rateLimit: { retryAfterSeconds: 30 } }, times: 1 });
    await postGeneration(world);
    await postGeneration(world, picture, { account: "other" });
    await world.ask({ method: "GET", url: "/acme/credits" });
    await world.pass("30s");
    await postGeneration(world);
    expect(await world.found()).toEqual([]);
  });

  it("reads a date from the answer's own Date", async () => {
    const world = await buildConductWorld();
    const date = new Date(world.sandbox.clock.now() + 20_000).toUTCString();
    const fault = { status: 503, headers: { "retry-after": date } };
    await world.rule({ when: reading, fault, times: 1 });
    const id = await createGeneration(world, marked("stuck"));
    await readGeneration(world, id);
    await world.pass("15s");
    await readGeneration(world, id);
    const finding = await world.finding("retry-after-ignored");
    expect(finding).toMatchObject({ severity: "error", count: 2 });
    expect(finding.what).toContain(date);
  });

  it("is a warning after an answer in progress, which concerns its own generation only", async () => {
    const world = await buildConductWorld();
    const fault = { status: 200, body: { state: "drawing" }, headers: { "retry-after": "10" } };
    await world.rule({ when: reading, fault, times: 1 });
    const [id, other] = [await createGeneration(world), await createGeneration(world)];
    await readGeneration(world, id);
    await readGeneration(world, other);
    expect(await world.found()).toEqual([]);
    await world.pass("9s");
    await readGeneration(world, id);
    expect(await world.finding("retry-after-ignored")).toMatchObject({ severity: "warning", count: 2 });
  });

  it("is a note for a read of another generation, whose reader may not know of the limit", async () => {
    const world = await buildConductWorld();
    const [id, other] = [await createGeneration(world), await createGeneration(world)];
    await world.rule({ when: reading, fault: { rateLimit: { retryAfterSeconds: 30 } }, times: 1 });
    await readGeneration(world, id);
    for (let round = 0; round < 3; round += 1) {
      await world.pass("3s");
      await readGeneration(world, other);
    }
    expect(await world.finding("retry-after-ignored")).toMatchObject({ severity: "note" });
  });

  it("is an error for a client that goes on with its next jobs, and a note for one other job", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: creating, fault: { rateLimit: { retryAfterSeconds: 30 } }, times: 1 });
    await postGeneration(world, { prompt: "first" });
    await postGeneration(world, { prompt: "second" });
    expect(await world.finding("retry-after-ignored")).toMatchObject({ severity: "note" });
    await postGeneration(world, { prompt: "third" });
    expect(await world.finding("retry-after-ignored")).toMatchObject({ severity: "error" });
  });

  it("is found for a repetition behind a request that was already on its way", async () => {
    const world = await buildConductWorld();
    await world.rule({ when: creating, fault: { rateLimit: { retryAfterSeconds: 30 } }, times: 2 });
    await Promise.all([postGeneration(world), postGeneration(world)]);
    expect(await world.found()).toEqual([]);
    await world.pass("5s");
    await postGeneration(world);
    const finding = await world.finding("retry-after-ignored");
    expect(finding).toMatchObject({ severity: "error", count: 3 });
    expect(finding.what).toMatch(/^Request 3 came 5\d\d\d ms after request 1 .* So did 1 more\.$/);
  });

  it("is not found for creates side by side, of which one is refused", async () => {
    const world = await buildConductWorld();
    const newClient = await listenToClients(world);
    const workers = Array.from({ length: 4 }, () => newClient());
    for (const worker of workers) await worker("/acme/credits");
    await world.rule({ when: creating, fault: { rateLimit: { retryAfterSeconds: 30 } }, times: 1 });
    const statuses = await Promise.all(
      workers.map((worker) => worker("/acme/jobs", { method: "POST", body: { prompt: "the same" } })),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect((await world.judge()).findings.filter(({ severity }) => severity !== "note")).toEqual([]);
  });

  it("is found for a read that is repeated at once over the other connection of its client", async () => {
    const world = await buildConductWorld();
    const newClient = await listenToClients(world);
    const [one, other] = [newClient(), newClient()];
    const path = `/acme/jobs/${await createGeneration(world, marked("stuck"))}`;
    await other(path);
    await world.rule({ when: reading, fault: { rateLimit: { retryAfterSeconds: 30 } }, times: 1 });
    await one(path);
    await other(path);
    expect(await world.finding("retry-after-ignored")).toMatchObject({ severity: "error", count: 2 });
  });

  it("is a note for a reader that goes on in its own rhythm while another one waits", async () => {
    const world = await buildConductWorld();
    const newClient = await listenToClients(world);
    const [one, other] = [newClient(), newClient()];
    const path = `/acme/jobs/${await createGeneration(world, marked("stuck"))}`;
    await other(path);
    await world.pass("1s");
    await world.rule({ when: reading, fault: { rateLimit: { retryAfterSeconds: 30 } }, times: 1 });
    await one(path);
    await world.pass("2s");
    await other(path);
    expect(await world.finding("retry-after-ignored")).toMatchObject({ severity: "note" });
  });
});
