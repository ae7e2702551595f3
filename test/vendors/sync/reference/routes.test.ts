import { describe, expect, it } from "vitest";
import { sync } from "../../../../src/vendors/sync/index.ts";
import { buildTestWorld } from "../../../support/app.ts";
import { catalogueCodes } from "../../../contract/published/sync-errors.ts";
import { lipsync } from "../../../support/sync.ts";

interface CatalogueEntry {
  readonly code: string;
  readonly message: string;
  readonly suggestion: string;
}

describe("GET /v2/errors", () => {
  it("lists the catalogue's codes in its order, without a key", async () => {
    const { app } = await buildTestWorld();
    const listed = (await app.inject({ method: "GET", url: "/v2/errors" })).json<CatalogueEntry[]>();
    expect(listed.map(({ code }) => code)).toEqual(catalogueCodes);
  });

  it("says the same of a code as the answers that carry it", async () => {
    const { app, send } = await buildTestWorld();
    const listed = (await app.inject({ method: "GET", url: "/v2/errors" })).json<CatalogueEntry[]>();
    const body = { ...lipsync, model: "unknown" };
    const refused = (await send(sync, "main", { method: "POST", url: "/v2/generate", body })).json<
      CatalogueEntry & { errorCode: string }
    >();
    const entry = listed.find(({ code }) => code === refused.errorCode);
    expect(refused).toMatchObject({ message: entry?.message, suggestion: entry?.suggestion });
  });
});

describe("sync's error codes", () => {
  it("each have an answer of their documented status, and no other code does", () => {
    for (const code of sync.errors.codes) {
      const error = sync.errors.byCode(code);
      expect(error?.body, code).toMatchObject({ statusCode: error?.status, errorCode: code });
    }
    expect(sync.errors.byCode("generation_pipeline_failed")).toBeUndefined();
    expect(sync.errors.byCode("nonsense")).toBeUndefined();
  });

  it("can end a job where they are said to, and a rejection may carry any of them", () => {
    for (const code of sync.failureCodes) expect(sync.failure(code, "failed")?.code).toBe(code);
    expect(sync.failure("rate_limit_exceeded", "failed")).toBeUndefined();
    expect(sync.failure("account_on_hold", "rejected")?.code).toBe("account_on_hold");
  });
});

describe("cost estimates", () => {
  const post = async (url: string, body: unknown) => {
    const { send } = await buildTestWorld();
    return (await send(sync, "main", { method: "POST", url, body })).json<unknown>();
  };

  it.each([
    ["sync-3", 33.25],
    ["lipsync-2", 12.5],
    ["lipsync-2-pro", 20.825],
    ["lipsync-1.9.0-beta", 6.25],
    ["react-1", 41.75],
  ])("price a second of %s by its frames", async (model, dollars) => {
    expect(await post("/v2/generations/estimate", { model, duration: 250, fps: 25 })).toEqual({
      estimatedFrameCount: 6250,
      estimatedGenerationCost: dollars,
      estimatedCredits: null,
    });
  });

  it("take 30 frames a second unless told otherwise", async () => {
    const estimate = await post("/v2/generate/estimate-cost", { model: "lipsync-2", duration: 10 });
    expect(estimate).toMatchObject({ estimatedFrameCount: 300, estimatedGenerationCost: 0.6 });
  });

  it("stay whole numbers, however absurd what is asked for", async () => {
    const estimate = await post("/v2/generate/estimate-cost", { model: "lipsync-2", duration: 1e200, fps: 1e200 });
    expect(estimate).toMatchObject({ estimatedFrameCount: Number.MAX_SAFE_INTEGER });
  });

  it("fit the reply that a client of the vendor's logged: 90 frames of lipsync-2-pro for 0.3", async () => {
    const estimate = await post("/v2/generations/estimate", { model: "lipsync-2-pro", duration: 3.6, fps: 25 });
    expect(estimate).toMatchObject({ estimatedFrameCount: 90, estimatedGenerationCost: 0.3 });
  });

  it("are an array for a whole create body, whose faults are told as a create's", async () => {
    const body = { ...lipsync, input: [...lipsync.input, { type: "text", provider: { name: "elevenlabs" } }] };
    expect(await post("/v2/analyze/cost", lipsync)).toEqual([
      { estimatedFrameCount: 250, estimatedGenerationCost: 0.5 },
    ]);
    expect(await post("/v2/analyze/cost", body)).toMatchObject({ statusCode: 400 });
    expect(await post("/v2/analyze/cost", { ...lipsync, model: "gpt-5" })).toMatchObject({
      errorCode: "generation_unsupported_model",
    });
  });
});
