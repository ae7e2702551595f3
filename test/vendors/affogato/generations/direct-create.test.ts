/** Generations that a test orders through control, with no client's request. */
import { describe, expect, it } from "vitest";
import { affogato } from "../../../../src/vendors/affogato/index.ts";
import { buildAffogatoWorld, mediaFile, type AffogatoWorld } from "../../../support/affogato.ts";

const order = ({ app, sandbox }: AffogatoWorld, request?: unknown) => {
  const job = affogato.planDirectCreate?.({
    sandbox,
    account: sandbox.account("main"),
    user: "owner",
    now: sandbox.clock.now(),
    fixtures: app.fixtures,
    request,
  });
  if (job === undefined) throw new Error("affogato takes no orders.");
  return sandbox.write(() => {
    job.charge?.();
    return job.draft();
  });
};

const creditsOf = ({ sandbox }: AffogatoWorld) => sandbox.account("main").state("affogato").credits;

describe("an ordered affogato generation", () => {
  it("is an image of the first model when nothing is said, and is charged", async () => {
    const world = await buildAffogatoWorld();
    expect(order(world)).toMatchObject({ model: "JuggernautXL", medium: "image", outputs: [{ format: "png" }] });
    expect(creditsOf(world)).toBe(1_000_000 - 12);
  });

  it("takes one element, or the array that a client would send", async () => {
    const world = await buildAffogatoWorld();
    expect(order(world, { batch_size: 3 }).outputs).toHaveLength(3);
    const two = [
      { model: "Flux", prompt: { positive: "a" } },
      { model: "JuggernautXL", prompt: { positive: "b" } },
    ];
    expect(order(world, two).outputs).toHaveLength(2);
  });

  it("goes as the test says, limits that would fail it left aside", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const media_id = await world.upload(mediaFile("png", { width: 64, height: 64 }));
    const { outputs } = order(world, [{ video_anyone: { media_id, prompt: "it runs" } }]);
    expect(outputs).toMatchObject([{ medium: "video" }]);
    expect(outputs[0]).not.toHaveProperty("flaw");
  });

  it("is refused in affogato's own words, and charges nothing then", async () => {
    const world = await buildAffogatoWorld();
    expect(() => order(world, [])).toThrow(/GE03/);
    expect(() => order(world, { model: "unknown-model" })).toThrow(/GE05/);
    expect(creditsOf(world)).toBe(1_000_000);
  });
});
