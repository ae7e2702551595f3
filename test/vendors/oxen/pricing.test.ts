/** Tests what oxen's generations cost, and who pays and is refunded. */
import { describe, expect, it } from "vitest";
import { sandboxSettings } from "../../../src/engine/sandbox/settings.ts";
import { accountState } from "../../../src/vendors/oxen/account.ts";
import { formatDollars, priceOf } from "../../../src/vendors/oxen/pricing.ts";
import { buildOxenWorld, image, video, type OxenWorld } from "../../support/oxen.ts";

const creditsOf = ({ sandbox }: OxenWorld, account: string): number =>
  accountState.parse(sandbox.account(account).state("oxen")).credits;

describe("oxen's catalogue", () => {
  it.each([
    ["kling-video-v2-6-pro-text-to-video", 0.07],
    ["kling-video-v2-6-pro-image-to-video", 0.07],
    ["kling-video-o3-pro-reference-to-video", 0.224],
    ["kling-video-o3-pro-image-to-video", 0.224],
    ["kling-video-o3-pro-video-to-video-edit", 0.336],
    ["kling-video-v3-pro-motion-control", 0.168],
  ])("the catalogue has %s at its documented price per second", async (model, price) => {
    const { body } = await (await buildOxenWorld()).get(`/api/ai/models/${model}`);
    expect(body).toMatchObject({ pricing: { cost_per_second: price } });
  });
});

describe("oxen's credits", () => {
  it("credits are deducted when a job is enqueued, once per generation", async () => {
    const world = await buildOxenWorld();
    const before = creditsOf(world, "main");
    await world.enqueue({ ...image, num_generations: 4 });
    expect(creditsOf(world, "main")).toBeCloseTo(before - 0.2496, 6);
    await world.advance("5s");
    expect(creditsOf(world, "main")).toBeCloseTo(before - 0.2496, 6);
  });

  it("credits are refunded once when a generation fails or is cancelled", async () => {
    const world = await buildOxenWorld();
    const before = creditsOf(world, "main");
    await world.enqueue({ ...video, prompt: "fauxgen:fail" });
    const [id = ""] = await world.enqueue(video);
    expect(creditsOf(world, "main")).toBeCloseTo(before - 0.7, 6);
    await world.remove(`/api/ai/queue/${id}`);
    await world.remove(`/api/ai/queue/${id}`);
    await world.advance("5s");
    expect(creditsOf(world, "main")).toBe(before);
  });

  it("the namespace that gets the results pays the credits", async () => {
    const world = await buildOxenWorld();
    const [main, team] = [creditsOf(world, "main"), creditsOf(world, "team")];
    await world.enqueue({ ...image, prompt: "fauxgen:fail", target_namespace: "team" });
    expect(creditsOf(world, "main")).toBe(main);
    expect(creditsOf(world, "team")).toBeCloseTo(team - 0.0624, 6);
    await world.advance("5s");
    expect(creditsOf(world, "team")).toBe(team);
  });

  it("a request creates no generation if the credits do not cover all of them", async () => {
    const world = await buildOxenWorld();
    world.sandbox.saveSettings(
      sandboxSettings.parse({ accounts: { poor: { vendors: { oxen: { credits: 0.13, organizations: [] } } } } }),
    );
    expect(await world.post("/api/ai/queue", { ...image, num_generations: 3 }, "poor")).toMatchObject({ status: 402 });
    expect((await world.get("/api/ai/queue", "poor")).body).toMatchObject({ count: 0 });
    expect(await world.post("/api/ai/queue", { ...image, num_generations: 2 }, "poor")).toMatchObject({ status: 200 });
    expect(creditsOf(world, "poor")).toBeCloseTo(0.0052, 6);
  });
});

describe("the price of a generation", () => {
  const work = { seconds: 5, resolution: undefined, quality: undefined, hasAudio: false };

  it.each([
    ["an image", { method: "per_image", cost_per_image: 0.0624 }, {}, "0.0624"],
    [
      "an image by quality and resolution, in any case",
      { method: "per_image", cost_per_image: 1, cost_per_image_grid: { high: { "4K": 1.47 }, low: { "4K": 0.2 } } },
      { quality: "low", resolution: "4k" },
      "0.2",
    ],
    [
      "an image of a resolution that is not listed",
      { method: "per_image", cost_per_image: 0.06, cost_per_image_grid: { high: { "4k": 1 } } },
      { resolution: "6k" },
      "0.06",
    ],
    ["a video by its seconds", { method: "per_video_output_second", cost_per_second: 0.224 }, {}, "1.12"],
    [
      "a video with sound",
      { method: "per_video_output_second", cost_per_second: 0.07, cost_per_second_with_audio: 0.14 },
      { hasAudio: true },
      "0.7",
    ],
    [
      "a video by its resolution",
      { method: "per_video_output_second", cost_per_second: 0.2, cost_per_second_by_resolution: { "480p": 0.096 } },
      { resolution: "480p" },
      "0.48",
    ],
    [
      "a video of high resolution",
      { method: "per_video_output_second", cost_per_second: 0.02, cost_per_second_high_res: 0.08 },
      { resolution: "4k" },
      "0.4",
    ],
    ["audio by its seconds", { method: "per_audio_output_second", cost_per_second: 0.003125 }, {}, "0.015625"],
    ["text", { method: "token", input_cost_per_token: 1 }, {}, "0"],
  ] as const)("a price follows the published pricing of %s", (_what, pricing, change, expected) => {
    expect(formatDollars(priceOf(pricing, { ...work, ...change }))).toBe(expected);
  });

  it("a price is written without unneeded digits", () => {
    expect([1_000_000, 12_500_000, 1, 0].map(formatDollars)).toEqual(["1", "12.5", "0.000001", "0"]);
  });
});
