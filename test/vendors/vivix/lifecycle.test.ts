/** Tests the states of a vivix generation and the keys of each. */
import { describe, expect, it } from "vitest";
import { buildTestWorld } from "../../support/app.ts";
import { postGeneration, readGeneration } from "../../support/vivix.ts";

describe("a vivix generation", () => {
  it("a generation goes from pending to completed with the documented keys of each state", async () => {
    const world = await buildTestWorld();
    const created = await postGeneration(world);
    expect(created.statusCode).toBe(201);
    expect(Object.keys(created.json())).toEqual(["generation_id", "status", "model", "credits_estimate", "created_at"]);
    const { generation_id: id } = created.json<{ generation_id: string }>();
    const read = async () => (await readGeneration(world, id)).json<Record<string, unknown>>();
    expect(await read()).toMatchObject({ status: "pending", credits_estimate: 211, elapsed_ms: 0 });
    await world.advance("1s");
    expect(await read()).toMatchObject({ status: "processing", elapsed_ms: 1000 });
    await world.advance("1s");
    const completed = await read();
    expect(Object.keys(completed)).toEqual([
      "generation_id",
      "status",
      "model",
      "output_url",
      "output_urls",
      "credits_used",
      "duration_ms",
      "created_at",
      "completed_at",
    ]);
    expect(completed).toMatchObject({ status: "completed", credits_used: 211, duration_ms: 2000 });
  });
});
