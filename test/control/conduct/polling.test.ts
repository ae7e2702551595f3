/** Tests the findings about clients that wait for a generation. */
import { describe, expect, it } from "vitest";
import { createGeneration, marked, readGeneration } from "../../support/acme.ts";
import { buildConductWorld, type ConductWorld } from "./conduct-world.ts";

/** Reads a generation at each gap after the read before it. */
async function poll(world: ConductWorld, id: string, gaps: readonly string[]): Promise<void> {
  await readGeneration(world, id);
  for (const gap of gaps) {
    await world.pass(gap);
    await readGeneration(world, id);
  }
}

const times = (count: number, gap: string): string[] => Array.from({ length: count }, () => gap);

describe("polls-too-often", () => {
  it("is found for five reads with a median gap below the vendor's interval, and names both", async () => {
    const world = await buildConductWorld();
    await poll(world, await createGeneration(world, marked("stuck")), ["100ms", "100ms", "100ms", "3s"]);
    const finding = await world.finding("polls-too-often");
    expect(finding).toMatchObject({
      severity: "warning",
      vendor: "acme",
      count: 5,
      source: "Ask once a second. [doc]",
    });
    expect(finding.what).toMatch(/^5 reads of \S+, with a median gap of 1\d\d ms instead of 1000 ms\.$/);
    expect(finding.requests[0]?.request).toMatch(/^GET \/acme\/jobs\//);
  });

  it("is not found for four reads, nor for five reads at the vendor's interval", async () => {
    const world = await buildConductWorld();
    await poll(world, await createGeneration(world, marked("stuck")), times(3, "100ms"));
    await poll(world, await createGeneration(world, marked("stuck")), times(4, "1s"));
    expect(await world.found()).toEqual([]);
  });

  it("is a note unless the timing is realistic, because tests shorten polling on purpose", async () => {
    const world = await buildConductWorld({ timing: "fast" });
    await poll(world, await createGeneration(world, marked("stuck")), times(4, "100ms"));
    expect(await world.finding("polls-too-often")).toMatchObject({ severity: "note" });
  });

  it("is not found while the clock is frozen", async () => {
    const world = await buildConductWorld();
    world.sandbox.clock.freeze();
    await poll(world, await createGeneration(world, marked("stuck")), times(6, "10ms"));
    expect(await world.found()).toEqual([]);
  });

  it("counts no reads of another account or another generation", async () => {
    const world = await buildConductWorld();
    for (let round = 0; round < 3; round += 1) {
      for (const account of ["main", "other"]) {
        const id = await createGeneration(world, marked("stuck"), { account });
        for (let read = 0; read < 4; read += 1) {
          await world.pass("10ms");
          await world.ask({ method: "GET", url: `/acme/jobs/${id}` }, account);
        }
      }
    }
    expect(await world.found()).toEqual([]);
  });
});

describe("polls-without-backoff", () => {
  it("is found for more than 30 reads over more than a minute whose gap never grows", async () => {
    const world = await buildConductWorld();
    await poll(world, await createGeneration(world, marked("stuck")), times(31, "2s"));
    const finding = await world.finding("polls-without-backoff");
    expect(finding).toMatchObject({ severity: "warning", count: 32 });
    expect(finding.what).toContain("Acme holds a read with wait=true, and calls webhooks.");
  });

  it("is not found for gaps that grow, nor for a gap of many seconds", async () => {
    const world = await buildConductWorld();
    const growing = Array.from({ length: 31 }, (_none, index) => `${1000 + index * 100}ms`);
    await poll(world, await createGeneration(world, marked("stuck")), growing);
    await poll(world, await createGeneration(world, marked("stuck")), times(31, "10s"));
    expect(await world.found()).toEqual([]);
  });
});

describe("polls-after-end", () => {
  it("is found for two reads after an answer that showed the end", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await poll(world, await createGeneration(world), times(2, "3s"));
    const finding = await world.finding("polls-after-end");
    expect(finding).toMatchObject({ severity: "warning", count: 3 });
  });

  it("is not found for one more read, which may come from a second reader", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await poll(world, await createGeneration(world), times(1, "3s"));
    expect(await world.found()).toEqual([]);
  });

  it("is not found if the answers that showed the end were cut off", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await world.rule({ when: { operation: "getGeneration" }, fault: "TRUNCATED_BODY", times: 2 });
    const id = await createGeneration(world);
    await poll(world, id, times(2, "3s")).catch(() => undefined);
    expect(await world.found()).toEqual([]);
  });
});

describe("wait-without-deadline", () => {
  it("is found for ten reads over a quarter of an hour of a generation without an end", async () => {
    const world = await buildConductWorld();
    await poll(world, await createGeneration(world, marked("stuck")), times(9, "2m"));
    expect(await world.finding("wait-without-deadline")).toMatchObject({ severity: "warning", count: 10 });
  });

  it("is not found for a client that gives up earlier, nor for a generation that ends", async () => {
    const world = await buildConductWorld();
    await poll(world, await createGeneration(world, marked("stuck")), times(9, "90s"));
    const slow = await createGeneration(world);
    await poll(world, slow, times(1, "10m"));
    expect(await world.found()).toEqual([]);
  });
});
