/** Tests what Oxen.ai's facts make of the conduct of its clients. */
import { describe, expect, it } from "vitest";
import { oxen } from "../../../src/vendors/oxen/index.ts";
import { buildTestWorld, type TestWorld } from "../../support/app.ts";
import { findingsOf, foundIn, judgeIntervals } from "../../support/conduct.ts";
import { image } from "../../support/oxen.ts";

async function enqueue(world: TestWorld, body: object = image): Promise<string> {
  const answer = await world.send(oxen, "main", { method: "POST", url: "/api/ai/queue", body });
  return answer.json<{ generations: [{ generation_id: string }] }>().generations[0].generation_id;
}

async function list(world: TestWorld, ...queries: readonly string[]): Promise<void> {
  for (const query of queries) await world.send(oxen, "main", { method: "GET", url: `/api/ai/generations?${query}` });
}

describe("pages-not-read", () => {
  it("is found for a client that seeks its generation on the first page alone", async () => {
    const world = await buildTestWorld();
    const id = await enqueue(world);
    await world.advance("1s");
    for (let more = 0; more < 3; more += 1) await enqueue(world);
    const first = "page=1&page_size=2";
    await list(world, first, first);
    expect(await foundIn(world)).toEqual([]);
    await list(world, first);
    const [finding] = await findingsOf(world);
    expect(finding).toMatchObject({ id: "pages-not-read", severity: "warning", count: 3 });
    expect(finding?.what).toContain(id);
  });

  it("is not found for a client that reads on, or that reads the generation by its id", async () => {
    const world = await buildTestWorld();
    const id = await enqueue(world);
    await world.advance("1s");
    for (let more = 0; more < 3; more += 1) await enqueue(world);
    await list(world, "page=1&page_size=2", "page=1&page_size=2", "page=1&page_size=2", "page=2&page_size=2");
    expect(await foundIn(world)).toEqual([]);
    const other = await buildTestWorld({}, "other");
    await enqueue(other);
    await list(other, ...Array.from({ length: 4 }, () => "page=1&page_size=2"));
    await world.send(oxen, "main", { method: "GET", url: `/api/ai/queue/${id}` });
    expect(await foundIn(other)).toEqual([]);
  });
});

describe("create-repeated", () => {
  it("is found for a second enqueue after a lost answer, and not after a look in the history", async () => {
    for (const looks of [false, true]) {
      const world = await buildTestWorld({}, looks ? "looks" : "hopes");
      await world.app.inject({
        method: "POST",
        url: `/_fauxgen/sandboxes/${world.sandbox.name}/rules`,
        payload: {
          when: { operation: "createGeneration" },
          fault: { kind: "EMPTY_RESPONSE", when: "after" },
          times: 1,
        },
      });
      await enqueue(world).catch(() => undefined);
      if (looks) await list(world, "page=1");
      await enqueue(world);
      expect(await foundIn(world)).toEqual(looks ? [] : ["error create-repeated"]);
    }
  });
});

it("polls at the gap of the page's samples are at most a note, and faster ones a warning", async () => {
  for (const [gap, found] of [
    ["2500ms", ["note polls-without-backoff"]],
    ["1s", ["warning polls-too-often", "warning polls-without-backoff"]],
  ] as const) {
    const world = await buildTestWorld({}, `every-${gap}`);
    await judgeIntervals(world);
    const id = await enqueue(world, { ...image, prompt: "an ox fauxgen:stuck" });
    for (let read = 0; read < 80; read += 1) {
      await world.advance(gap);
      await world.send(oxen, "main", { method: "GET", url: `/api/ai/queue/${id}` });
    }
    expect(await foundIn(world)).toEqual(found);
  }
});

it("a failure is told by the answer to a create that waits for the end, and not by one that enqueues", async () => {
  const world = await buildTestWorld({ timing: "instant" });
  const body = { ...image, prompt: "an ox fauxgen:fail" };
  const answer = await world.send(oxen, "main", { method: "POST", url: "/api/ai/images/generate", body });
  expect(answer.statusCode).toBe(400);
  expect(await foundIn(world, "?exit=0")).toEqual([]);
  await enqueue(world, body);
  expect(await foundIn(world, "?exit=0")).toEqual(["error failure-not-read"]);
});
