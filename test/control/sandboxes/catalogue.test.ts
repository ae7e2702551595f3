/** Tests that a sandbox can add items to a vendor's catalogue for itself only. */
import { describe, expect, it } from "vitest";
import { buildTestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { get, postGeneration } from "../../support/vivix.ts";

const model = {
  slug: "my-model",
  name: "Mine",
  category: "video",
  creator: "me",
  description: "Made up by a test.",
  params: { prompt: { type: "string", required: true, max_length: 20 } },
  credits_band: { min: 1, max: 3 },
};

describe("a sandbox's own catalogue", () => {
  it("has an added model with its price and limits, which other sandboxes do not have", async () => {
    const world = await buildTestWorld({ catalogue: "strict" });
    await control(world.app, "PUT", "sandboxes/elsewhere", {});
    const draw = async (key: string, prompt = "a boat") =>
      postGeneration(world, { model: "my-model", prompt }, { key });
    expect((await draw("vvx_live_fx_world_main")).json()).toMatchObject({ error: "MODEL_NOT_ALLOWED" });
    expect((await control(world.app, "PUT", "sandboxes/world/catalogue/vivix/models/my-model", model)).status).toBe(
      200,
    );
    expect((await draw("vvx_live_fx_world_main")).json()).toMatchObject({ credits_estimate: 3 });
    expect((await draw("vvx_live_fx_world_main", "a boat that is far too long")).statusCode).toBe(400);
    expect((await draw("vvx_live_fx_elsewhere_main")).statusCode).toBe(403);
    const listed = await get(world, "/api/v1/models");
    expect(listed.json<{ models: { slug: string }[] }>().models.map(({ slug }) => slug)).toContain("my-model");
    await control(world.app, "POST", "sandboxes/world/reset");
    expect((await draw("vvx_live_fx_world_main")).statusCode).toBe(201);
    const { items } = (await control(world.app, "GET", "sandboxes/world/catalogue/vivix/models")).body;
    expect(items.at(-1)).toMatchObject({ name: "my-model", item: { category: "video" } });
  });

  it.each([
    ["vivix/models/my-model", { ...model, category: "smell" }, 400, "body.category"],
    ["vivix/models/my-model", { ...model, colour: "red" }, 400, "colour"],
    ["vivix/models/other", model, 400, 'is called "my-model"'],
    ["vivix/voices/my-model", model, 404, "it has models"],
    ["vivx/models/my-model", model, 400, "Did you mean vivix"],
  ])("refuses an item that does not fit at %s (case %#)", async (path, item, status, detail) => {
    const world = await buildTestWorld();
    const refused = await control(world.app, "PUT", `sandboxes/world/catalogue/${path}`, item);
    expect(refused.status).toBe(status);
    expect(refused.body.detail).toContain(detail);
  });
});
