/** Tests vivix's list of models and the order of keys in its errors. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import { buildTestWorld } from "../../support/app.ts";
import { get, image, postGeneration } from "../../support/vivix.ts";

interface Listed {
  readonly slug: string;
  readonly name: string;
  readonly example_request: Readonly<Record<string, unknown>>;
}

describe("vivix's list of models", () => {
  it("has the documented names and example requests, which vivix accepts", async () => {
    const world = await buildTestWorld();
    const { models } = (await get(world, "/api/v1/models")).json<{ models: Listed[] }>();
    expect(models.map(({ name, example_request }) => [name, Object.entries(example_request)])).toEqual([
      [
        "Grok Imagine Image Quality",
        [
          ["model", "grok-imagine-image-quality"],
          ["prompt", expect.any(String)],
          ["aspect_ratio", "16:9"],
          ["resolution", "4K"],
        ],
      ],
      [
        "Wan 2.7 Text to Video",
        [
          ["model", "wan-2.7-text-to-video"],
          ["prompt", expect.any(String)],
          ["duration", 5],
        ],
      ],
    ]);
    for (const { example_request } of models)
      expect((await postGeneration(world, example_request)).statusCode).toBe(201);
  });

  it("shows a user's model with its own example, or with the defaults of its parameters", async () => {
    const world = await buildTestWorld();
    const mine = {
      slug: "mine",
      name: "Mine",
      category: "image",
      creator: "me",
      description: "Made up by a test.",
      params: { resolution: { type: "enum", values: ["1K", "2K"], default: "1K" } },
      credits_band: { min: 1, max: 3 },
    };
    const named = { ...mine, slug: "named", example: { resolution: "2K" } };
    world.sandbox.saveSettings(sandboxSettings.parse({ catalogueItems: { vivix: { models: { mine, named } } } }));
    const { models } = (await get(world, "/api/v1/models")).json<{ models: Listed[] }>();
    const own = models.filter(({ slug }) => slug === "mine" || slug === "named");
    expect(own.map(({ example_request }) => example_request.resolution)).toEqual(["1K", "2K"]);
    expect(own[1]).not.toHaveProperty("example");
  });
});

describe("an error of vivix", () => {
  it.each([
    ["with a parameter", { prompt: "a boat" }, "main", ["param"]],
    ["with a model", { ...image, model: "video-cinematic-4k" }, "main", ["model"]],
    ["with a balance", image, "broke", ["balance", "needed"]],
  ])("has its context before the request id, %s", async (_what, body, account, context) => {
    const world = await buildTestWorld();
    const refused = await postGeneration(world, body, { account });
    expect(Object.keys(refused.json())).toEqual(["error", "message", "next", ...context, "request_id"]);
    expect(refused.json<{ request_id: string }>().request_id).toBe(refused.headers["x-request-id"]);
  });
});
