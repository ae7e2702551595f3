/** Tests which parameters vivix accepts, refuses or ignores. */
import { describe, expect, it } from "vitest";
import { demux } from "../../media/encode/decode-video.ts";
import { buildTestWorld } from "../../support/app.ts";
import { fetchFile } from "../../support/requests.ts";
import { createGeneration, postGeneration, readGeneration } from "../../support/vivix.ts";

describe("a vivix submission", () => {
  it.each([
    [{}, "1920x1080"],
    [{ aspect_ratio: "9:16", resolution: "720p" }, "720x1280"],
  ])("a video has the size that %j asks for", async (asked, shape) => {
    const world = await buildTestWorld();
    const id = await createGeneration(world, { model: "wan-2.7-text-to-video", prompt: "p", ...asked });
    await world.advance("1m");
    const { output_url } = (await readGeneration(world, id)).json<{ output_url: string }>();
    const [track] = demux((await fetchFile(world, output_url)).rawPayload).info.videoTracks;
    expect(`${track?.video?.width ?? 0}x${track?.video?.height ?? 0}`).toBe(shape);
  });

  it("a submission refuses the model that the documentation names as not allowed", async () => {
    const answer = await postGeneration(await buildTestWorld(), { model: "video-cinematic-4k", prompt: "p" });
    expect([answer.statusCode, answer.json<{ error: string }>().error]).toEqual([403, "MODEL_NOT_ALLOWED"]);
  });

  it("a diagnostic names the parameters that the model ignores", async () => {
    const body = { model: "wan-2.7-text-to-video", prompt: "p", number_results: 2 };
    const answer = await postGeneration(await buildTestWorld(), body);
    expect(answer.statusCode).toBe(201);
    expect(answer.headers["x-fauxgen-diagnostic"]).toBe(
      "PARAMETER_IGNORED: number_results is for image; wan-2.7-text-to-video makes video.",
    );
  });
});
