/** Tests affogato generations that a test creates through the control API. */
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

describe("affogato generations created through control", () => {
  it("an empty order makes an image of the first model and charges it", async () => {
    const world = await buildAffogatoWorld();
    expect(order(world)).toMatchObject({ model: "JuggernautXL", medium: "image", outputs: [{ format: "png" }] });
    expect(creditsOf(world)).toBe(1_000_000 - 12);
  });

  it("an order accepts one element, or the array that a client would send", async () => {
    const world = await buildAffogatoWorld();
    expect(order(world, { batch_size: 3 }).outputs).toHaveLength(3);
    const two = [
      { model: "Flux", prompt: { positive: "a" } },
      { model: "JuggernautXL", prompt: { positive: "b" } },
    ];
    expect(order(world, two).outputs).toHaveLength(2);
  });

  it("an ordered generation ends as the test says, even beyond the vendor's limits", async () => {
    const world = await buildAffogatoWorld({ timing: "instant" });
    const media_id = await world.upload(mediaFile("png", { width: 64, height: 64 }));
    const { outputs } = order(world, [{ video_anyone: { media_id, prompt: "it runs" } }]);
    expect(outputs).toMatchObject([{ medium: "video" }]);
    expect(outputs[0]).not.toHaveProperty("flaw");
  });

  it("a wrong order gets affogato's own error and charges nothing", async () => {
    const world = await buildAffogatoWorld();
    expect(() => order(world, [])).toThrow(/GE03/);
    expect(() => order(world, { model: "unknown-model" })).toThrow(/GE05/);
    expect(creditsOf(world)).toBe(1_000_000);
  });
});
