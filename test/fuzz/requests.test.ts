/**
 * Requests generated from our own OpenAPI documents, sent over a real socket: none may crash the server, find an error
 * that is not the vendor's, or leave anything behind. The same seed sends the same requests; `npm run load` sends more,
 * with other seeds.
 */
import { afterEach, describe, expect, it } from "vitest";
import { bombard } from "./bombard.ts";
import { apis } from "./documents.ts";
import { exchange } from "./exchange.ts";
import { fire, type FireOptions, type Fired } from "./fire.ts";
import { heapMiB, openWorld, residueOf, type World } from "./world.ts";

const SEED = 20_260_801;
const REQUESTS = { sync: 1300, oxen: 800, affogato: 900, vivix: 500, control: 1000 } as const;
const CONNECTIONS = 500;

/** What the heap may have grown by, in MiB, once everything that requests made is dropped. */
const HEAP_MIB = 12;

const worlds: World[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function survive(attack: (world: World, options: FireOptions) => Promise<Fired>, count: number): Promise<Fired> {
  const world = await openWorld();
  worlds.push(world);
  // What is compiled and remembered once is no leak: the documents, and the longest of the requests that they show.
  for (const path of ["openapi/control.json", "outcomes"]) {
    const url = `/_fauxgen/${path}`;
    await exchange({ ...world, method: "GET", url, headers: {}, body: undefined, patienceMs: 20_000 });
  }
  await attack(world, { count: Math.ceil(count / 5), seed: SEED - 1 });
  const before = await residueOf(world);
  const fired = await attack(world, { count, seed: SEED });
  const after = await residueOf(world);
  expect(after).toMatchObject({ held: 0, sockets: 0 });
  expect(after.heapMiB - before.heapMiB).toBeLessThan(HEAP_MIB);
  return fired;
}

describe("generated requests", { timeout: 60_000 }, () => {
  it.each(apis)("harm %s in nothing, and are answered in its own words", async (api) => {
    const count = REQUESTS[api];
    const fired = await survive(async (world, options) => fire(world, api, options), count);
    expect(fired.violations).toEqual([]);
    expect(fired.sent).toBe(count);
    // A fuzzer that only ever meets refusals tests refusals.
    expect(fired.statuses["200"]).toBeGreaterThan(count / 20);
    expect(Object.keys(fired.statuses)).toEqual(expect.arrayContaining(["200", "400", "404"]));
  });
});

describe("garbage on the socket", { timeout: 60_000 }, () => {
  it("is refused or left alone, and holds nothing", async () => {
    const fired = await survive(bombard, CONNECTIONS);
    expect(fired.violations).toEqual([]);
    expect(Object.keys(fired.statuses)).toEqual(expect.arrayContaining(["400", "404", "431"]));
  });

  it("does not keep requests beside it from being answered", async () => {
    const world = await openWorld();
    worlds.push(world);
    let isOver = false;
    const attack = bombard(world, { count: 200, seed: SEED }).finally(() => (isOver = true));
    let answered = 0;
    while (!isOver) {
      const response = await fetch(`http://127.0.0.1:${world.port}/v2/generations`, {
        headers: { "x-api-key": "fx_beside_main" },
      });
      expect(response.status).toBe(200);
      await response.arrayBuffer();
      answered += 1;
    }
    expect((await attack).violations).toEqual([]);
    expect(answered).toBeGreaterThan(10);
  });
});

it("memory that is held is seen by this very measure", () => {
  const before = heapMiB();
  const held = Array.from({ length: 40 }, (_, index) => Array.from({ length: 65_536 }, () => ({ index })));
  expect(heapMiB() - before).toBeGreaterThan(HEAP_MIB);
  expect(held).toHaveLength(40);
});
