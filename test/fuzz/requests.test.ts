/**
 * Tests the server with requests that are generated from the OpenAPI documents and sent over a real socket: none may
 * crash it, get an error that is not the vendor's, or leave anything behind. The same seed sends the same requests;
 * `npm run load` sends more, with other seeds.
 */
import { afterEach, describe, expect, it } from "vitest";
import { publishedResponses } from "../contract/published/lookup.ts";
import { bombard } from "./bombard.ts";
import { apis, type Api } from "./documents.ts";
import { fire } from "./fire.ts";
import { HEAP_MIB, survive } from "./survive.ts";
import { heapMiB, openWorld, type World } from "./world.ts";

const SEED = 20_260_801;
/** The number of requests to an API with few routes. */
const LEAST_REQUESTS = 500;
/** The number of requests to an API with many routes. */
const REQUESTS: Readonly<Partial<Record<Api, number>>> = { sync: 1300, oxen: 800, affogato: 900, control: 1000 };
const CONNECTIONS = 500;

const worlds: World[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

describe("generated requests", { timeout: 60_000 }, () => {
  it.each(apis)("do not break %s, and get its own answers", async (api) => {
    const count = REQUESTS[api] ?? LEAST_REQUESTS;
    const fired = await survive(async (world, options) => fire(world, api, options), { count, seed: SEED });
    expect(fired.violations).toEqual([]);
    expect(fired.sent).toBe(count);
    // Some requests must succeed, because otherwise only refusals would be tested.
    expect(fired.statuses["200"]).toBeGreaterThan(count / 20);
    expect(Object.keys(fired.statuses)).toEqual(expect.arrayContaining(["200", refusalOf(api), "404"]));
  });
});

/** Returns the status with which an API refuses an invalid body: 400, unless it publishes 422 and no 400. */
function refusalOf(api: Api): string {
  const statuses = api === "control" ? [] : publishedResponses[api].map(({ status }) => status);
  return statuses.includes(422) && !statuses.includes(400) ? "422" : "400";
}

describe("garbage on the socket", { timeout: 60_000 }, () => {
  it("is refused or ignored, and holds no memory", async () => {
    const fired = await survive(bombard, { count: CONNECTIONS, seed: SEED });
    expect(fired.violations).toEqual([]);
    expect(Object.keys(fired.statuses)).toEqual(expect.arrayContaining(["400", "404", "431"]));
  });

  it("does not delay the answers to other requests", async () => {
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

it("the memory measurement detects memory that a server holds", () => {
  const before = heapMiB();
  const held = Array.from({ length: 40 }, (_, index) => Array.from({ length: 65_536 }, () => ({ index })));
  expect(heapMiB() - before).toBeGreaterThan(HEAP_MIB);
  expect(held).toHaveLength(40);
});
