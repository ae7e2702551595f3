/** Tests what the facts of sync. make of the conduct of its clients. */
import { describe, expect, it } from "vitest";
import { conduct } from "../../../src/vendors/sync/conduct.ts";
import { buildTestWorld } from "../../support/app.ts";
import { foundIn } from "../../support/conduct.ts";
import { batchRows, createGeneration, get, idOf, marked, post, postGeneration } from "../../support/sync.ts";

describe("a held read of sync.", () => {
  const heldMs = async (vintage: string, query: string) => {
    const world = await buildTestWorld({ vintages: { sync: vintage } });
    return conduct.heldMs?.(new URLSearchParams(query), world.sandbox);
  };

  it.each([
    ["2026-06", "wait=true", 30_000],
    ["2026-06", "wait=true&timeout=55", 55_000],
    ["2026-06", "wait=true&timeout=90", 55_000],
    ["2026-11", "wait=true", 5000],
    ["2026-11", "wait=true&timeout=10", 10_000],
    ["2026-06", "timeout=20", undefined],
    ["2026-06", "wait=false", undefined],
  ])("of the vintage %s with the query %s lasts %s ms at most", async (vintage, query, expected) => {
    expect(await heldMs(vintage, query)).toBe(expected);
  });
});

describe("pages-not-read", () => {
  it("is found for a client that reads only the first page of a limited list, and not once it follows the cursor", async () => {
    const world = await buildTestWorld();
    await createGeneration(world);
    await world.advance("1s");
    const [last = ""] = [await createGeneration(world)];
    for (let round = 0; round < 3; round += 1) await get(world, "/v2/generations?limit=1");
    expect(await foundIn(world)).toEqual(["warning pages-not-read"]);
    await get(world, `/v2/generations?limit=1&cursor=${last}`);
    expect(await foundIn(world)).toEqual([]);
  });
});

describe("create-repeated", () => {
  it("is found for a create that is repeated with a new idempotency key, and not with the same", async () => {
    const world = await buildTestWorld();
    const lose = async (): Promise<void> => {
      await world.app.inject({
        method: "POST",
        url: `/_fauxgen/sandboxes/${world.sandbox.name}/rules`,
        payload: { when: { operation: "createGeneration" }, fault: { status: 500 }, times: 1 },
      });
    };
    for (const keys of [
      ["one", "one"],
      ["two", "three"],
    ]) {
      await lose();
      for (const key of keys)
        await postGeneration(world, marked(`label=${keys.join("-")}`), { headers: { "idempotency-key": key } });
      expect(await foundIn(world)).toEqual(keys[0] === keys[1] ? [] : ["error create-repeated"]);
    }
  });
});

it("a failure in a batch is told by a read of the batch after its end, and not by one before", async () => {
  const world = await buildTestWorld();
  const id = idOf(await post(world, "/v2/batch", { rows: batchRows(20, marked("fail")) }));
  await get(world, `/v2/batch/${id}`);
  await world.advance("10m");
  expect(await foundIn(world, "?exit=0")).toEqual(["error failure-not-read"]);
  await get(world, `/v2/batch/${id}`);
  expect(await foundIn(world, "?exit=0")).toEqual([]);
});
