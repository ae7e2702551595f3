/** Tests the states of a sync generation and the keys of each. */
import { describe, expect, it } from "vitest";
import { buildTestWorld } from "../../../support/app.ts";
import { lipsync, postGeneration, readGeneration } from "../../../support/sync.ts";

describe("a sync generation", () => {
  it("a generation goes from PENDING to COMPLETED with the captured object's keys, unset ones null", async () => {
    const world = await buildTestWorld();
    const created = await postGeneration(world);
    expect(created.statusCode).toBe(201);
    const { id } = created.json<{ id: string }>();
    expect(Object.keys(created.json())).toEqual([
      "id",
      "createdAt",
      "status",
      "model",
      "input",
      "segments",
      "webhookUrl",
      "options",
      "outputUrl",
      "segmentOutputUrl",
      "outputDuration",
      "error",
      "errorCode",
      "error_code",
      "outputFileName",
      "projectId",
    ]);
    expect(created.json()).toMatchObject({ status: "PENDING", outputUrl: null, outputDuration: null, error: null });
    const read = async () => (await readGeneration(world, id)).json<Record<string, unknown>>();
    expect(await read()).toMatchObject({ status: "PENDING" });
    await world.advance("1s");
    expect(await read()).toMatchObject({ status: "PROCESSING", outputUrl: null });
    await world.advance("1s");
    expect(await read()).toMatchObject({
      status: "COMPLETED",
      outputDuration: 10,
      segmentOutputUrl: null,
      error: null,
    });
  });

  it("a generation echoes input items with the client's own keys in their order", async () => {
    const input = [
      { url: "https://media.test/a.mp4", type: "video", note: 1 },
      { url: "https://media.test/a.wav", type: "audio" },
    ];
    const created = await postGeneration(await buildTestWorld(), { ...lipsync, input });
    expect(JSON.stringify(created.json<{ input: unknown }>().input)).toBe(JSON.stringify(input));
  });
});
