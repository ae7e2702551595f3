/** Tests the findings about clients that wait for a generation. */
import { describe, expect, it } from "vitest";
import { createGeneration, marked, readGeneration } from "../../support/acme.ts";
import { until, untilHeld } from "../../support/waiting.ts";
import { buildConductWorld, type ConductWorld } from "./conduct-world.ts";
import { listenToClients } from "./socket-client.ts";

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

describe("readers side by side", () => {
  it("are judged one by one, so that two that each keep the interval do not poll too often together", async () => {
    const world = await buildConductWorld();
    const newClient = await listenToClients(world);
    const path = `/acme/jobs/${await createGeneration(world, marked("stuck"))}`;
    const readers = [newClient(), newClient()];
    for (let round = 0; round < 5; round += 1) {
      for (const read of readers) {
        await read(path);
        await world.pass("600ms");
      }
    }
    expect(await world.found()).toEqual([]);
    const [hasty = newClient()] = readers;
    for (let round = 0; round < 8; round += 1) {
      await hasty(path);
      await world.pass("100ms");
    }
    expect(await world.found()).toEqual(["polls-too-often"]);
  });

  it("are one client if they share its reads unevenly, as the connections of a pool do", async () => {
    const world = await buildConductWorld();
    const newClient = await listenToClients(world);
    const path = `/acme/jobs/${await createGeneration(world, marked("stuck"))}`;
    const pool = [newClient(), newClient(), newClient()];
    for (const place of [0, 1, 1, 2, 0, 2, 2, 1, 0, 0, 0, 2, 1, 2, 1]) {
      await pool[place]?.(path);
      await world.pass("600ms");
    }
    const finding = await world.finding("polls-too-often");
    expect(finding).toMatchObject({ severity: "warning", count: 15 });
    expect(finding.what).toMatch(/median gap of 6\d\d ms/);
  });

  it("are one client that knows of the end as soon as one connection of its pool was told", async () => {
    const world = await buildConductWorld({ timing: { queued: "1s", processing: "1m" } });
    const newClient = await listenToClients(world);
    const path = `/acme/jobs/${await createGeneration(world)}`;
    const pool = [newClient(), newClient(), newClient()];
    const order = [0, 1, 1, 2, 0, 2, 2, 1, 0, 0, 0, 2, 1, 2, 1];
    const read = async (place: number): Promise<void> => {
      await pool[place]?.(path);
      await world.pass("1200ms");
    };
    for (const place of order) await read(place);
    await world.pass("5m");
    await read(0);
    expect(await world.found()).toEqual([]);
    for (const place of [1, 2]) await read(place);
    expect(await world.found()).toEqual(["polls-after-end"]);
  });

  it("are judged one by one if they wait for longer each time, and begin at different moments", async () => {
    const world = await buildConductWorld();
    const newClient = await listenToClients(world);
    const path = `/acme/jobs/${await createGeneration(world, marked("stuck"))}`;
    const readers = [200, 1000].map((start) => ({ read: newClient(), gap: 1000, next: start }));
    for (let now = 0; now < 20_000; now += 100) {
      await world.pass("100ms");
      for (const reader of readers.filter(({ next }) => next === now)) {
        await reader.read(path);
        reader.gap += 200;
        reader.next += reader.gap;
      }
    }
    expect(await world.found()).toEqual([]);
  });

  it("may each see the end once, and a reader that goes on is found", async () => {
    const world = await buildConductWorld();
    const newClient = await listenToClients(world);
    const path = `/acme/jobs/${await createGeneration(world)}`;
    const readers = [newClient(), newClient(), newClient()];
    for (const read of readers) await read(path);
    await world.pass("5m");
    for (const read of readers) await read(path);
    expect(await world.found()).toEqual([]);
    const [first = newClient()] = readers;
    for (let round = 0; round < 2; round += 1) await first(path);
    expect(await world.found()).toEqual(["polls-after-end"]);
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

  it("is a note for a gap that the vendor's own samples have", async () => {
    const pollGap = { ms: 1000, what: "The sample waits a second.", source: "doc", isSampled: true } as const;
    const world = await buildConductWorld(undefined, undefined, { pollGap });
    await poll(world, await createGeneration(world, marked("stuck")), times(31, "2s"));
    expect(await world.finding("polls-without-backoff")).toMatchObject({ severity: "note" });
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

  it("is not found for looks at a job after long pauses, as of a page that a person opens again", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await poll(world, await createGeneration(world), times(5, "10m"));
    expect(await world.found()).not.toContain("polls-after-end");
  });

  it("is not found for a read that seeks a fresh link after a download failed", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await world.rule({ when: { operation: "downloadOutput" }, fault: { status: 403 }, times: 3 });
    const id = await createGeneration(world);
    for (let round = 0; round < 4; round += 1) {
      await world.pass("1s");
      const { urls } = (await readGeneration(world, id)).json<{ urls: [string] }>();
      await world.app.inject({ method: "GET", url: new URL(urls[0]).pathname });
    }
    expect(await world.found()).toEqual([]);
  });

  it("is found if the answers that showed the end were only late", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await world.rule({ when: { operation: "getGeneration" }, fault: { latency: "1ms" }, times: 3 });
    await poll(world, await createGeneration(world), times(3, "3s"));
    expect(await world.found()).toEqual(["polls-after-end"]);
  });

  it("is not found if the answers that showed the end were cut off", async () => {
    const world = await buildConductWorld({ timing: "instant" });
    await world.rule({ when: { operation: "getGeneration" }, fault: "TRUNCATED_BODY", times: 2 });
    const id = await createGeneration(world);
    await poll(world, id, times(2, "3s")).catch(() => undefined);
    expect(await world.found()).toEqual([]);
  });
});

describe("wait-cut-short", () => {
  /** Sends held reads and leaves each after so long. */
  async function leave(world: ConductWorld, waits: readonly string[], path: string): Promise<void> {
    const client = (await listenToClients(world))();
    for (const wait of waits) {
      const leaving = new AbortController();
      const read = client(path, { signal: leaving.signal });
      await untilHeld(world.sandbox, 1);
      await world.pass(wait);
      leaving.abort();
      await read.catch(() => undefined);
      await until(() => world.sandbox.heldRequests.count === 0);
    }
    await client(path.replace(/\?.*/, ""));
  }

  it("is found for two held reads that the client left long before their time, and asked again", async () => {
    const world = await buildConductWorld();
    const id = await createGeneration(world, marked("stuck"));
    await leave(world, ["5s", "5s"], `/acme/jobs/${id}?wait=true`);
    const finding = await world.finding("wait-cut-short");
    expect(finding).toMatchObject({ severity: "warning", count: 2, generation: id });
    expect(finding.what).toMatch(
      /^2 held reads of \S+ were left, the first after 5\d\d\d of 30000 ms, and asked again\.$/,
    );
  });

  it("is not found for one read that was left, nor for reads that were left less than a second before their time", async () => {
    const world = await buildConductWorld();
    const id = await createGeneration(world, marked("stuck"));
    await leave(world, ["5s", "29500ms", "29500ms"], `/acme/jobs/${id}?wait=true`);
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

  it("is not found for a client that has given up, or whose command has ended by itself", async () => {
    const world = await buildConductWorld();
    await poll(world, await createGeneration(world, marked("stuck")), times(10, "2m"));
    expect(await world.found("?exit=1")).toEqual([]);
    expect(await world.found("?exit=124")).toEqual(["wait-without-deadline"]);
    await world.pass("5m");
    expect(await world.found()).toEqual([]);
  });
});
