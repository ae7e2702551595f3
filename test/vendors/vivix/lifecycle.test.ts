import { describe, expect, it } from "vitest";
import { vivix } from "../../../src/vendors/vivix/index.ts";
import { buildTestWorld } from "../../support/app.ts";

const image = { model: "grok-imagine-image-quality", prompt: "a lighthouse" };

describe("a vivix generation", () => {
  it("goes from pending to completed with the documented keys of each state", async () => {
    const { send, advance } = await buildTestWorld();
    const created = await send(vivix, "main", { method: "POST", url: "/api/v1/generate", body: image });
    expect(created.statusCode).toBe(201);
    expect(Object.keys(created.json())).toEqual(["generation_id", "status", "model", "credits_estimate", "created_at"]);
    const url = `/api/v1/generations/${created.json<{ generation_id: string }>().generation_id}`;
    const read = async () => (await send(vivix, "main", { method: "GET", url })).json<Record<string, unknown>>();
    expect(await read()).toMatchObject({ status: "pending", credits_estimate: 211, elapsed_ms: 0 });
    await advance("1s");
    expect(await read()).toMatchObject({ status: "processing", elapsed_ms: 1000 });
    await advance("1s");
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
