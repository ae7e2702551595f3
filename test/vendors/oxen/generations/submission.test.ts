/** Tests how long oxen's outputs are. */
import { describe, expect, it } from "vitest";
import { buildOxenWorld, type OxenWorld } from "../../../support/oxen.ts";

const source = { model: "bytedance-seedance-2-0-text-to-video", prompt: "a lighthouse", duration: 8 };
const upscale = "topazlabs-video-upscale";

const urlOf = async (world: OxenWorld, id: string) => String((await world.get(`/api/ai/queue/${id}`)).body.result_url);

const secondsOf = ({ sandbox }: OxenWorld, id: string) =>
  sandbox.generations.find("oxen", id)?.outputs[0]?.durationSeconds;

describe("the length of an oxen output", () => {
  it("an edit of an earlier output is as long as that output, and any other input leaves the default", async () => {
    const world = await buildOxenWorld();
    const [made = ""] = await world.enqueue(source);
    await world.advance("1m");
    const url = await urlOf(world, made);
    const lengthOf = async (body: object) => {
      const [id = ""] = await world.enqueue({ model: upscale, ...body });
      return secondsOf(world, id);
    };
    expect(secondsOf(world, made)).toBe(8);
    expect(await lengthOf({ input_video: url })).toBe(8);
    expect(await lengthOf({ input_video: "https://media.test/source.mp4" })).toBe(5);
    expect(await lengthOf({ input_video: url.replace("sandbox=world", "sandbox=elsewhere") })).toBe(5);
    expect(await lengthOf({ input_video: url.replaceAll(made, "00000000-0000-4000-8000-000000000000") })).toBe(5);
  });

  it("a length that the request names wins over that of its input", async () => {
    const world = await buildOxenWorld();
    const [made = ""] = await world.enqueue(source);
    await world.advance("1m");
    const input_video = await urlOf(world, made);
    const [named = ""] = await world.enqueue({ model: upscale, input_video, duration: 3 });
    expect(secondsOf(world, named)).toBe(3);
  });

  it("the output of an account that the caller does not share has no known length", async () => {
    const world = await buildOxenWorld();
    const [made = ""] = await world.enqueue(source);
    await world.advance("1m");
    const [id = ""] = await world.enqueue({ model: upscale, input_video: await urlOf(world, made) }, "other");
    expect(secondsOf(world, id)).toBe(5);
  });
});
