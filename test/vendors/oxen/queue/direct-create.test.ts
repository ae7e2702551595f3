/** Tests that control creates oxen generations with the body of an enqueue. */
import { describe, expect, it } from "vitest";
import { control } from "../../../support/control.ts";
import { buildOxenWorld, expectPublished, image } from "../../../support/oxen.ts";

describe("oxen generations created through control", () => {
  it.each(["queued", "processing", "succeeded", "failed", "cancelled"])(
    "an ordered generation reaches the phase %s as if a client had enqueued it",
    async (phase) => {
      const { app, get } = await buildOxenWorld();
      const ordered = await control(app, "POST", "sandboxes/world/generations", { vendor: "oxen", phase });
      expect({ status: ordered.status, body: ordered.text }).toMatchObject({ status: 201 });
      const answer = await get(`/api/ai/queue/${String(ordered.body.id)}`);
      expectPublished(answer, "getGeneration", phase);
      expect(answer.body).toMatchObject({ status: phase, target_namespace: "main" });
    },
  );

  it("an order accepts the body of an enqueue, and refuses a body that the queue refuses", async () => {
    const { app, row } = await buildOxenWorld();
    const order = async (request: unknown) =>
      control(app, "POST", "sandboxes/world/generations", { vendor: "oxen", request });
    const ordered = await order({ ...image, seed: 7, target_repo: "renders" });
    expect(await row(String(ordered.body.id))).toMatchObject({ seed: 7, target_repo: "renders", prompt: image.prompt });
    expect((await order({ ...image, model: "gpt-4o-mini" })).status).toBe(400);
    expect((await order({ ...image, target_repo: 7 })).status).toBe(400);
  });
});
