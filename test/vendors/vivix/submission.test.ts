import { describe, expect, it } from "vitest";
import { vivix } from "../../../src/vendors/vivix/index.ts";
import { demux } from "../../media/encode/decode-video.ts";
import { buildTestWorld } from "../../support/app.ts";

async function submit(body: Readonly<Record<string, unknown>>) {
  const world = await buildTestWorld();
  const answer = await world.send(vivix, "main", { method: "POST", url: "/api/v1/generate", body });
  return { ...world, answer };
}

describe("a vivix submission", () => {
  it.each([
    [{}, "1920x1080"],
    [{ aspect_ratio: "9:16", resolution: "720p" }, "720x1280"],
  ])("makes a video of the shape that %j asks for", async (asked, shape) => {
    const { app, send, advance, answer } = await submit({ model: "wan-2.7-text-to-video", prompt: "p", ...asked });
    await advance("1m");
    const url = `/api/v1/generations/${answer.json<{ generation_id: string }>().generation_id}`;
    const read = await send(vivix, "main", { method: "GET", url });
    const { pathname } = new URL(read.json<{ output_url: string }>().output_url);
    const [track] = demux((await app.inject(pathname)).rawPayload).info.videoTracks;
    expect(`${track?.video?.width ?? 0}x${track?.video?.height ?? 0}`).toBe(shape);
  });

  it("is refused for the model that the documentation names as not allowed", async () => {
    const { answer } = await submit({ model: "video-cinematic-4k", prompt: "p" });
    expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([403, "MODEL_NOT_ALLOWED"]);
  });

  it("says beside its answer which parameters mean nothing to the model", async () => {
    const { answer } = await submit({ model: "wan-2.7-text-to-video", prompt: "p", number_results: 2 });
    expect(answer.statusCode).toBe(201);
    expect(answer.headers["x-fauxgen-diagnostic"]).toBe(
      "PARAMETER_IGNORED: number_results is for image; wan-2.7-text-to-video makes video.",
    );
  });
});
