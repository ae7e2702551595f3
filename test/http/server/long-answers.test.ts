/** Tests that long lists are written in turns, as a stream if they are large, and as JSON.stringify would write them. */
import fastify from "fastify";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWallClock } from "../../../src/engine/base/clock.ts";
import { lazyList } from "../../../src/http/server/lazy-list.ts";
import { writeLongAnswers } from "../../../src/http/server/long-answers.ts";

async function answerTo(payload: unknown) {
  const app = fastify();
  writeLongAnswers(app, createWallClock(), false);
  app.get("/", () => payload);
  const response = await app.inject({ url: "/" });
  await app.close();
  return response;
}

describe("an answer with a long list", () => {
  it("is what JSON.stringify makes of it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { minLength: 8 }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        async (list, rest) => {
          for (const payload of [
            list,
            { ...rest, list },
            { data: { ...rest, list }, when: new Date(0), none: undefined },
          ])
            expect((await answerTo(payload)).body).toBe(JSON.stringify(payload));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("leaves out items that are gone once they are due", async () => {
    const list = lazyList(10, (index) => (index % 3 === 0 ? undefined : { index }));
    expect((await answerTo({ items: list, count: 10 })).json()).toEqual({
      items: [1, 2, 4, 5, 7, 8].map((index) => ({ index })),
      count: 10,
    });
    expect((await answerTo(lazyList(9, () => undefined))).json()).toEqual([]);
  });

  it("makes the items of a large one while it is sent, so that few are in memory at once", async () => {
    const items = Array.from({ length: 64 }, (_, index) => ({ index, text: "é".repeat(200_000) }));
    const response = await answerTo({ items: lazyList(items.length, (index) => items[index]) });
    expect(response.headers["content-length"]).toBeUndefined();
    expect(response.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(response.json()).toEqual({ items });
  });
});

describe("a list of items that are made when they are read", () => {
  it("is an array for everything that reads it", () => {
    const list = lazyList(3, (index) => index * 2);
    expect([Array.isArray(list), list.length, [...list], list.map((item) => item + 1)]).toEqual([
      true,
      3,
      [0, 2, 4],
      [1, 3, 5],
    ]);
    expect(JSON.stringify({ list })).toBe('{"list":[0,2,4]}');
  });
});
