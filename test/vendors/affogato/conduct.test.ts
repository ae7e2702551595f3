/** Tests what Affogato's facts make of the conduct of its clients. */
import { describe, expect, it } from "vitest";
import { affogato } from "../../../src/vendors/affogato/index.ts";
import { buildTestWorld, type TestWorld } from "../../support/app.ts";
import { foundIn, judgeIntervals } from "../../support/conduct.ts";

interface Created {
  readonly data: { readonly generation_id: string; readonly media: readonly { readonly id: string }[] };
}

async function create(world: TestWorld, batchSize = 1, positive = "a cup"): Promise<Created["data"]> {
  const element = { prompt: { positive }, model: "JuggernautXL", aspect_ratio: "1:1", batch_size: batchSize };
  const request = { method: "POST", url: "/pub/v1/generations", body: [element] } as const;
  return (await world.send(affogato, "main", request)).json<Created>().data;
}

const read = (world: TestWorld, path: string) =>
  world.send(affogato, "main", { method: "GET", url: `/pub/v1/generations${path}` });

describe("reads of the media of one generation", () => {
  it("are judged one medium by one, so that four media at the documented gap are not polled too often", async () => {
    const world = await buildTestWorld();
    await judgeIntervals(world);
    const { media } = await create(world, 4);
    for (let round = 0; round < 6; round += 1) {
      await world.advance("3s");
      for (const { id } of media) await read(world, `/media/${id}`);
    }
    expect(await foundIn(world)).not.toContain("warning polls-too-often");
  });

  it("may each show the end once", async () => {
    const world = await buildTestWorld();
    const { media } = await create(world, 4);
    await world.advance("1m");
    for (const { id } of media) await read(world, `/media/${id}`);
    expect(await foundIn(world)).toEqual([]);
  });
});

describe("pages-not-read", () => {
  it("is found for a client that reads only the first page, and not once it reads the next", async () => {
    const world = await buildTestWorld();
    await create(world);
    await world.advance("1s");
    await create(world);
    for (let round = 0; round < 3; round += 1) await read(world, "?page=1&page_size=1");
    expect(await foundIn(world)).toEqual(["warning pages-not-read"]);
    await read(world, "?page=2&page_size=1");
    expect(await foundIn(world)).toEqual([]);
  });
});

it("a failure that a list showed was told, and one that a list showed only before its end was not", async () => {
  const world = await buildTestWorld();
  await create(world, 1, "fauxgen:fail a cup");
  await read(world, "?page=1&page_size=10");
  await world.advance("1m");
  expect(await foundIn(world, "?exit=0")).toEqual(["error failure-not-read"]);
  await read(world, "?page=1&page_size=10");
  expect(await foundIn(world, "?exit=0")).toEqual([]);
});

it("the routes that the reference calls deprecating are a warning with their successor", async () => {
  const world = await buildTestWorld();
  const { generation_id: id } = await create(world);
  await read(world, `/${id}`);
  expect(await foundIn(world)).toEqual([]);
  await read(world, `/${id}/status`);
  expect(await foundIn(world)).toEqual(["warning deprecated-operation"]);
});
