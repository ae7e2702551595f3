/** Tests the pages and filters of affogato's list of generations. */
import { describe, expect, it } from "vitest";
import { buildAffogatoWorld, image, type AffogatoWorld, type GenerationData } from "../../../support/affogato.ts";

interface List {
  readonly data: readonly GenerationData[];
  readonly pagination: { readonly page: number; readonly page_size: number; readonly total: number };
}

const list = (world: AffogatoWorld, query = "", account = "main"): Promise<List> =>
  world.call({ operation: "listGenerations", status: 200, account }, "GET", `/pub/v1/generations${query}`);

const idsOf = ({ data }: List): string[] => data.map(({ generation_id }) => generation_id);

describe("the list of affogato generations", () => {
  it("the list shows the account's own generations, newest first, ten to a page", async () => {
    const world = await buildAffogatoWorld();
    const made: string[] = [];
    for (let count = 0; count < 12; count += 1) made.unshift((await world.create([image()])).generation_id);
    await world.create([image()], "other");
    const first = await list(world);
    expect(first.pagination).toEqual({ page: 1, page_size: 10, total: 12 });
    expect(idsOf(first)).toEqual(made.slice(0, 10));
    expect(idsOf(await list(world, "?page=2"))).toEqual(made.slice(10));
    expect(idsOf(await list(world, "?page=3&page_size=5"))).toEqual(made.slice(10));
    expect(await list(world, "?page=9")).toMatchObject({ data: [], pagination: { page: 9, total: 12 } });
  });

  it("a status filter keeps whole generations that have an output with the status", async () => {
    const world = await buildAffogatoWorld();
    const good = await world.create([image()]);
    const mixed = await world.create([image("fauxgen:partial", { batch_size: 2 })]);
    const failed = await world.create([image("fauxgen:fail")]);
    await world.advance("2s");
    await world.create([image()]);
    const success = await list(world, "?status=success");
    expect(idsOf(success)).toEqual([mixed.generation_id, good.generation_id]);
    expect(success.pagination.total).toBe(2);
    expect(success.data[0]?.media).toHaveLength(2);
    expect(idsOf(await list(world, "?status=failed&page_size=1"))).toEqual([failed.generation_id]);
    expect(idsOf(await list(world, "?status=failed&page_size=1&page=2"))).toEqual([mixed.generation_id]);
  });

  it("the list finds a generation by its id and by a media id", async () => {
    const world = await buildAffogatoWorld();
    const wanted = await world.create([image()]);
    const another = await world.create([image()]);
    const foreign = await world.create([image()], "other");
    const [media] = wanted.media.map(({ id }) => id);
    expect(idsOf(await list(world, `?generation_id=${wanted.generation_id}`))).toEqual([wanted.generation_id]);
    expect(idsOf(await list(world, `?media_id=${media ?? ""}`))).toEqual([wanted.generation_id]);
    expect(idsOf(await list(world, `?media_id=${media ?? ""}&generation_id=${another.generation_id}`))).toEqual([]);
    expect(idsOf(await list(world, "?media_id=img_0000000000"))).toEqual([]);
    expect(idsOf(await list(world, `?media_id=${foreign.media[0]?.id ?? ""}`))).toEqual([]);
    expect(idsOf(await list(world, `?generation_id=${foreign.generation_id}`))).toEqual([]);
  });

  it.each(["?page=0", "?page=x", "?page_size=0", "?page_size=51", "?page=1&page=2", "?status=pending"])(
    "the list refuses the query %s",
    async (query) => {
      const { call } = await buildAffogatoWorld();
      await call({ operation: "listGenerations", status: 400 }, "GET", `/pub/v1/generations${query}`);
    },
  );
});
