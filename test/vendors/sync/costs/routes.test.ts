/** Tests sync's cost estimates. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../../src/engine/sandbox/settings.ts";
import { buildTestWorld } from "../../../support/app.ts";
import { lipsync, post } from "../../../support/sync.ts";

describe("sync's cost estimates", () => {
  const estimate = async (url: string, body: unknown) =>
    (await post(await buildTestWorld(), url, body)).json<unknown>();

  it.each([
    ["sync-3", 33.25],
    ["lipsync-2", 12.5],
    ["lipsync-2-pro", 20.825],
    ["lipsync-1.9.0-beta", 6.25],
    ["react-1", 41.75],
  ])("an estimate prices a second of %s by its frames", async (model, dollars) => {
    expect(await estimate("/v2/generations/estimate", { model, duration: 250, fps: 25 })).toEqual({
      estimatedFrameCount: 6250,
      estimatedGenerationCost: dollars,
      estimatedCredits: null,
    });
  });

  it("an estimate uses 30 frames per second by default", async () => {
    const estimated = await estimate("/v2/generate/estimate-cost", { model: "lipsync-2", duration: 10 });
    expect(estimated).toMatchObject({ estimatedFrameCount: 300, estimatedGenerationCost: 0.6 });
  });

  it("an estimate's frame count stays a whole number for absurdly large requests", async () => {
    const estimated = await estimate("/v2/generate/estimate-cost", { model: "lipsync-2", duration: 1e200, fps: 1e200 });
    expect(estimated).toMatchObject({ estimatedFrameCount: Number.MAX_SAFE_INTEGER });
  });

  it("an estimate matches the response that a client logged: 90 frames of lipsync-2-pro for 0.3", async () => {
    const estimated = await estimate("/v2/generations/estimate", { model: "lipsync-2-pro", duration: 3.6, fps: 25 });
    expect(estimated).toMatchObject({ estimatedFrameCount: 90, estimatedGenerationCost: 0.3 });
  });

  it("an estimate of dubbing has a breakdown without the provider's own charges", async () => {
    const body = { model: "sync-3", duration: 12, fps: 25, workflow: "translate-and-dub" };
    expect(await estimate("/v2/generate/estimate-cost", body)).toEqual({
      estimatedFrameCount: 300,
      estimatedGenerationCost: 1.596,
      estimatedCredits: null,
      breakdown: {
        lipsync: { estimatedGenerationCost: 1.596, estimatedCredits: null },
        dubbing: { billing: "external", estimatedGenerationCost: null, estimatedCredits: null },
        excludesExternalCharges: true,
      },
    });
    expect(await estimate("/v2/generate/estimate-cost", { ...body, workflow: "lipsync" })).not.toHaveProperty(
      "breakdown",
    );
  });

  it("an estimate for a create body is one object if the sandbox says so", async () => {
    const world = await buildTestWorld();
    world.sandbox.saveSettings(sandboxSettings.parse({ vendors: { sync: { costEstimates: "object" } } }));
    expect((await post(world, "/v2/analyze/cost", lipsync)).json()).toEqual({
      estimatedFrameCount: 250,
      estimatedGenerationCost: 0.5,
      estimatedCredits: null,
    });
  });

  it("an estimate for a create body is an array, and its errors are those of a create", async () => {
    const body = { ...lipsync, input: [...lipsync.input, { type: "text", provider: { name: "elevenlabs" } }] };
    expect(await estimate("/v2/analyze/cost", lipsync)).toEqual([
      { estimatedFrameCount: 250, estimatedGenerationCost: 0.5 },
    ]);
    expect(await estimate("/v2/analyze/cost", body)).toMatchObject({ statusCode: 400 });
    expect(await estimate("/v2/analyze/cost", { ...lipsync, model: "gpt-5" })).toMatchObject({
      errorCode: "generation_unsupported_model",
    });
  });
});
