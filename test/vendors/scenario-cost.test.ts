/** Tests that the cost of a scenario reaches the vendor's balance and history. */
import { describe, expect, it } from "vitest";
import { affogato } from "../../src/vendors/affogato/index.ts";
import { oxen } from "../../src/vendors/oxen/index.ts";
import { vivix } from "../../src/vendors/vivix/index.ts";
import { image as affogatoImage } from "../support/affogato.ts";
import { buildTestWorld, type TestWorld } from "../support/app.ts";
import { control } from "../support/control.ts";
import { video as oxenVideo } from "../support/oxen.ts";

async function worldWith(cost: number): Promise<TestWorld> {
  const world = await buildTestWorld();
  await control(world.app, "PUT", "sandboxes/world", { scenarios: { priced: { cost } }, scenario: "priced" });
  return world;
}

describe("the cost that a scenario names", () => {
  it("oxen shows a scenario's cost in its history, in the total and in the balance", async () => {
    const world = await worldWith(1.25);
    await world.send(oxen, "main", { method: "POST", url: "/api/ai/queue", body: oxenVideo });
    const history = async () =>
      (await world.send(oxen, "main", { method: "GET", url: "/api/ai/generations" })).json<{
        total_cost: string;
        generations: { cost: string }[];
      }>();
    expect(await history()).toMatchObject({ total_cost: "0.35", generations: [{ cost: "0.35" }] });
    await world.advance("1m");
    expect(await history()).toMatchObject({ total_cost: "1.25", generations: [{ cost: "1.25" }] });
    const { state } = (await control(world.app, "GET", "sandboxes/world/accounts/main")).body.vendors.oxen;
    expect(state.credits).toBeCloseTo(100_000 - 1.25, 6);
  });

  it("affogato deducts a scenario's cost from the credits", async () => {
    const world = await worldWith(500);
    const create = async () =>
      (
        await world.send(affogato, "main", { method: "POST", url: "/pub/v1/generations", body: [affogatoImage()] })
      ).json<{ data: { credits_remaining: number } }>().data.credits_remaining;
    const first = await create();
    await world.advance("1m");
    const second = await create();
    expect(second).toBe(1_000_000 - 500 - (1_000_000 - first));
  });

  it("vivix shows a scenario's cost as the used credits", async () => {
    const world = await worldWith(7);
    const body = { model: "wan-2.7-text-to-video", prompt: "a boat" };
    const made = await world.send(vivix, "main", { method: "POST", url: "/api/v1/generate", body });
    await world.advance("1m");
    const { generation_id: id } = made.json<{ generation_id: string }>();
    const read = await world.send(vivix, "main", { method: "GET", url: `/api/v1/generations/${id}` });
    expect(read.json()).toMatchObject({ status: "completed", credits_used: 7 });
  });
});
