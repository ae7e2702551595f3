/**
 * Requests generated from our own OpenAPI documents, sent over a real socket: none may crash the server, find an error
 * that is not the vendor's, or leave anything behind. The same seed sends the same requests; `npm run load` sends more,
 * with other seeds.
 */
import { afterEach, describe, expect, it } from "vitest";
import { bombard } from "./bombard.ts";
import { apis, type Api } from "./documents.ts";
import { fire } from "./fire.ts";
import { HEAP_MIB, survive } from "./survive.ts";
import { heapMiB, openWorld, type World } from "./world.ts";

const SEED = 20_260_801;
/** To an API with few routes. */
const LEAST_REQUESTS = 500;
/** To one with many. */
const REQUESTS: Readonly<Partial<Record<Api, number>>> = { sync: 1300, oxen: 800, affogato: 900, control: 1000 };
const CONNECTIONS = 500;

const worlds: World[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

describe("generated requests", { timeout: 60_000 }, () => {
  it.each(apis)("harm %s in nothing, and are answered in its own words", async (api) => {
    const count = REQUESTS[api] ?? LEAST_REQUESTS;
    const fired = await survive(async (world, options) => fire(world, api, options), { count, seed: SEED });
    expect(fired.violations).toEqual([]);
    expect(fired.sent).toBe(count);
    // A fuzzer that only ever meets refusals tests refusals.
    expect(fired.statuses["200"]).toBeGreaterThan(count / 20);
    expect(Object.keys(fired.statuses)).toEqual(expect.arrayContaining(["200", "400", "404"]));
  });
});

describe("garbage on the socket", { timeout: 60_000 }, () => {
  it("is refused or left alone, and holds nothing", async () => {
    const fired = await survive(bombard, { count: CONNECTIONS, seed: SEED });
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
