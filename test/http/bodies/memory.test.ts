/** Tests that what clients make the server keep draws on one budget, and is refused in the vendor's words. */
import { expect, it } from "vitest";
import { Capacity } from "../../../src/http/request/capacity.ts";
import { BodyRoom } from "../../../src/http/bodies/body-room.ts";
import { UnreadEvents } from "../../../src/http/server/unread-events.ts";
import { MemoryBudget, MemoryExhausted } from "../../../src/platform/memory-budget.ts";
import { buildAcmeWorld, postGeneration } from "../../support/acme.ts";
import { control } from "../../support/control.ts";
import { ManualWallClock } from "../../support/engine.ts";

const MIB = 1024 ** 2;

it("once the budget is used up, vendors and control refuse what would be kept, and a reset makes room", async () => {
  const world = await buildAcmeWorld({ memory: "64MiB" });
  const { app } = world;
  const rule = { when: { vendor: "acme", body: { prompt: "p".repeat(900_000) } }, fault: { status: 500 } };
  const addRule = async () => control(app, "POST", "sandboxes/world/rules", rule);
  let added = 0;
  while ((await addRule()).status === 201) added += 1;
  expect(added).toBeGreaterThan(5);
  expect(await addRule()).toMatchObject({ status: 429, body: { code: "memory-exhausted" } });
  let refused = await postGeneration(world);
  for (let tries = 0; tries < 50 && refused.statusCode === 201; tries += 1)
    refused = await postGeneration(world, { prompt: "p".repeat(200_000) });
  expect(refused.statusCode).toBe(429);
  expect(refused.json()).toMatchObject({ code: "slow_down" });
  expect(refused.headers["x-fauxgen-diagnostic"]).toContain("MEMORY_EXHAUSTED");
  expect((await control(app, "POST", "sandboxes/world/reset")).status).toBe(200);
  // What the sandbox held is deleted in slices.
  await expect.poll(async () => (await postGeneration(world)).statusCode, { timeout: 10_000 }).toBe(201);
});

it("ready and the report show the budget", async () => {
  const { app } = await buildAcmeWorld({ memory: "100MiB" });
  const memory = { limit: 100 * MIB, by: { held: 0, followers: 0 } };
  expect(await control(app, "GET", "ready")).toMatchObject({ body: { status: "ready", memory } });
  expect(await control(app, "GET", "sandboxes/world/report")).toMatchObject({ body: { memory } });
});

it("one connection has at most 100 of the held places", () => {
  const held = new Capacity(1000);
  const [greedy, modest] = [{}, {}];
  const places = Array.from({ length: 100 }, () => held.enter(greedy));
  expect(held.refusal(greedy)).toMatch(/^100 requests of this connection are held already/);
  expect(held.refusal(modest)).toBeUndefined();
  places[0]?.();
  expect(held.refusal(greedy)).toBeUndefined();
});

it("a large body waits until there is room, and is refused if there is none in time", async () => {
  const wall = new ManualWallClock();
  const budget = new MemoryBudget(64 * MIB);
  const room = new BodyRoom(budget, wall);
  const body = { bytes: 20 * MIB, progress: () => wall.now(), abandon: () => undefined };
  const leave = await room.enter(body);
  const second = room.enter(body);
  const third = room.enter(body);
  leave();
  const leaveSecond = await second;
  expect(budget.usedBy("bodies")).toBe(20 * MIB);
  wall.pass(20_000);
  await expect(third).rejects.toThrow(MemoryExhausted);
  leaveSecond();
  expect(budget.usedBy("bodies")).toBe(0);
});

it("the stream with the most unread bytes is cut off when all together have too many", () => {
  const events = new UnreadEvents(new MemoryBudget(64 * MIB));
  const cut: string[] = [];
  const stream = (name: string, bytes: number) => ({ unreadBytes: () => bytes, cutOff: () => cut.push(name) });
  events.note(stream("small", 2 * MIB));
  events.note(stream("large", 5 * MIB));
  expect(cut).toEqual([]);
  events.note(stream("last", 3 * MIB));
  expect(cut).toEqual(["large"]);
});
