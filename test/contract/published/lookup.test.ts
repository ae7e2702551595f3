import { describe, expect, it } from "vitest";
import { vendorNames } from "../../../src/client/vendor-names.ts";
import { publishedCandidates, publishedFor, publishedOperations, publishedResponses } from "./lookup.ts";
import type { PublishedResponse } from "./response.ts";
import { differences } from "./shape.ts";
import { catalogueCodes } from "./sync-errors.ts";

const differencesFrom = (entry: PublishedResponse | undefined, body: unknown): readonly string[] => {
  if (entry === undefined) return ["no published response"];
  return typeof entry.body === "string" ? [`the body is ${entry.body}`] : differences(entry.body, body);
};

const without = (key: string, body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(body).filter(([each]) => each !== key));

describe.each(vendorNames)("the published responses of %s", (vendor) => {
  const entries = publishedResponses[vendor];

  it("are told apart by route, status, state and vintage", () => {
    const keys = entries.map((each) =>
      [each.method, each.path, each.status, each.state ?? "", each.vintage ?? ""].join(" "),
    );
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it("belong to the vendor and have a method and an absolute path or a placeholder", () => {
    for (const each of entries) {
      expect(each.vendor).toBe(vendor);
      expect(each.method).toMatch(/^(?:GET|POST|PUT|PATCH|DELETE|\*)$/);
      expect(each.path).toMatch(/^(?:\/|\{\w+\}$)/);
    }
  });

  it("name a success for every operation but the unknown route, and streams, which have no body to compare", () => {
    const lacking = publishedOperations(vendor).filter(
      (operation) => !entries.some((each) => each.operation === operation && each.status < 400),
    );
    expect(lacking.filter((operation) => operation !== "followEvents")).toEqual(["unknownRoute"]);
  });
});

describe("looking up", () => {
  it("takes the entry of exactly the state", () => {
    expect(publishedFor("vivix", "getGeneration", 200, "completed")?.state).toBe("completed");
    expect(publishedFor("sync", "getGeneration", 200, "PENDING?include=progress")?.state).toBe(
      "PENDING?include=progress",
    );
  });

  it("falls back to the state without its query, then to the entry without a state", () => {
    expect(publishedFor("sync", "getGeneration", 200, "PENDING?wait=true")?.state).toBe("PENDING");
    expect(publishedFor("sync", "createGeneration", 422, "project_not_found")?.state).toBeUndefined();
    expect(publishedFor("sync", "createGeneration", 422, "project_not_found")).toBeDefined();
  });

  it("without a state takes the only entry, and none of several", () => {
    expect(publishedFor("vivix", "getGeneration", 404)?.state).toBe("NOT_FOUND");
    expect(publishedFor("vivix", "getGeneration", 200)).toBeUndefined();
  });

  it("knows nothing of undocumented operations, statuses and states", () => {
    expect(publishedFor("vivix", "cancelGeneration", 200)).toBeUndefined();
    expect(publishedFor("vivix", "getGeneration", 202)).toBeUndefined();
    expect(publishedFor("vivix", "getGeneration", 200, "cancelled")).toBeUndefined();
  });

  it("is in the vendor's default vintage unless told otherwise", () => {
    expect(publishedFor("sync", "getGeneration", 429, "rate_limit_exceeded")?.vintage).toBe("2026-06");
    expect(publishedFor("sync", "getGeneration", 429, "rate_limit_exceeded", "2026-11")?.vintage).toBe("2026-11");
    expect(publishedFor("sync", "getGeneration", 400, "invalid_generation_id")?.state).toBeUndefined();
    expect(publishedFor("sync", "getGeneration", 200, "PENDING?wait=true", "2026-11")?.headers).toHaveProperty(
      "retry-after",
    );
    expect(publishedCandidates("oxen", "createGeneration", 200).map((each) => each.vintage)).toEqual(["0.231"]);
  });
});

describe("sync", () => {
  // The object captured in January 2026, with the fields that came later behind it.
  const id = "a47b00ce-29c1-40e8-badf-4f5b22c1e67e";
  const captured = {
    id,
    createdAt: "2026-01-22T09:46:10.602Z",
    status: "COMPLETED",
    model: "sync-3",
    input: [
      { url: "https://files.test/a.mp4", type: "video" },
      { url: "https://files.test/a.wav", type: "audio" },
    ],
    segments: null,
    webhookUrl: null,
    options: { sync_mode: "loop" },
    outputUrl: `https://api.sync.so/v2/generations/${id}/result?token=a2b1466a-8795-478b-9ef2-47b5fdaf7d68`,
    segmentOutputUrl: null,
    outputDuration: 9.98,
    error: null,
    errorCode: null,
    error_code: null,
    outputFileName: null,
    projectId: null,
  };
  const completed = publishedFor("sync", "getGeneration", 200, "COMPLETED");

  it("reads the captured generation", () => {
    expect(differencesFrom(completed, captured)).toEqual([]);
    expect(differencesFrom(publishedFor("sync", "listGenerations", 200), [captured])).toEqual([]);
  });

  it.each(Object.keys(captured))("misses %s", (key) => {
    expect(differencesFrom(completed, without(key, captured))).toHaveLength(1);
  });

  it("refuses progress unless it was asked for", () => {
    const withProgress = { ...captured, progress_percent: 100 };
    expect(differencesFrom(completed, withProgress)).toHaveLength(1);
    const asked = publishedFor("sync", "getGeneration", 200, "COMPLETED?include=progress");
    expect(differencesFrom(asked, withProgress)).toEqual([]);
    expect(differencesFrom(asked, captured)).toHaveLength(1);
  });

  it("takes synthesizedAudioUrl beside a text input only", () => {
    const { projectId, ...rest } = captured;
    const spoken = { ...rest, synthesizedAudioUrl: "https://files.test/a.mp3", projectId };
    expect(differencesFrom(completed, spoken)).toHaveLength(1);
    const script = { type: "text", provider: { name: "elevenlabs", voiceId: "v", script: "Hello" } };
    expect(differencesFrom(completed, { ...spoken, input: [captured.input[0], script] })).toEqual([]);
  });

  it("has no output while it runs, and a code when it ended badly", () => {
    const pending = { ...captured, status: "PENDING", outputUrl: null, outputDuration: null };
    const pendingEntry = publishedFor("sync", "createGeneration", 201, "PENDING");
    expect(differencesFrom(pendingEntry, pending)).toEqual([]);
    expect(differencesFrom(pendingEntry, { ...captured, status: "PENDING" })).toHaveLength(2);
    const failed = {
      ...pending,
      status: "FAILED",
      error: "The video could not be read.",
      errorCode: "generation_input_video_invalid",
      error_code: "generation_input_video_invalid",
    };
    const failedEntry = publishedFor("sync", "getGeneration", 200, "FAILED");
    expect(differencesFrom(failedEntry, failed)).toEqual([]);
    expect(differencesFrom(failedEntry, { ...failed, error_code: null })).toHaveLength(1);
    expect(differencesFrom(failedEntry, { ...failed, errorCode: "nope", error_code: "nope" })).toHaveLength(2);
  });

  it("has the probed 401 bodies", () => {
    const noKey = {
      message: "Either Cookie or x-api-key header must be provided",
      error: "Unauthorized",
      statusCode: 401,
    };
    expect(differencesFrom(publishedFor("sync", "listModels", 401, "missing-key"), noKey)).toEqual([]);
    expect(differencesFrom(publishedFor("sync", "listModels", 401), noKey)).toEqual([]);
    const badKey = publishedFor("sync", "listModels", 401, "bad-key");
    expect(differencesFrom(badKey, { message: "Unauthorized", statusCode: 401 })).toEqual([]);
    expect(differencesFrom(badKey, { statusCode: 401, message: "Unauthorized" })).toHaveLength(1);
  });

  it("has a code in its rate limit in the newer vintage only", () => {
    const body = {
      statusCode: 429,
      message: "Rate limit exceeded. Please try again later.",
      error: "Too Many Requests",
    };
    expect(differencesFrom(publishedFor("sync", "getBatch", 429, "rate_limit_exceeded"), body)).toEqual([]);
    expect(differencesFrom(publishedFor("sync", "getBatch", 429, "rate_limit_exceeded", "2026-11"), body)).toHaveLength(
      1,
    );
  });

  it("lists its 62 codes in the catalogue's order", () => {
    const entry = publishedFor("sync", "listErrors", 200);
    const catalogue = catalogueCodes.map((code) => ({ code, message: "m", suggestion: "s" }));
    expect(catalogue).toHaveLength(62);
    expect(differencesFrom(entry, catalogue)).toEqual([]);
    expect(differencesFrom(entry, catalogue.toReversed()).length).toBeGreaterThan(0);
    expect(differencesFrom(entry, catalogue.slice(1)).length).toBeGreaterThan(0);
  });
});

describe("oxen", () => {
  const row = {
    generation_id: "5b91a581-ee19-4f86-9fea-bd29471d69d5",
    model_name: "kling-video-v2-6-pro-text-to-video",
    media_type: "video",
    status: "succeeded",
    enqueued_at: 1_764_000_000,
    started_at: 1_764_000_001,
    completed_at: 1_764_000_158,
    result_url: "https://hub.oxen.ai/api/repos/ox/playground/file/main/a/b.mp4",
    error_message: null,
    target_namespace: "ox",
    target_repo: null,
    target_directory: null,
    prompt: "a fox",
    duration: 5,
  };
  const succeeded = publishedFor("oxen", "getGeneration", 200, "succeeded");

  it("reads a row with its echoed parameters", () => {
    expect(differencesFrom(succeeded, row)).toEqual([]);
    const list = publishedFor("oxen", "listGenerations", 200);
    expect(differencesFrom(list, { count: 1, generations: [row] })).toEqual([]);
    expect(differencesFrom(list, { count: 2, generations: [row] })).toHaveLength(1);
    expect(differencesFrom(list, { count: 0, generations: [] })).toEqual([]);
  });

  it("refuses a row without its nulls, with a cost, or with its end before its start", () => {
    expect(differencesFrom(succeeded, without("error_message", row))).toHaveLength(1);
    expect(differencesFrom(succeeded, { ...row, cost: "0.35" })).toHaveLength(1);
    expect(differencesFrom(succeeded, { ...row, completed_at: 1 })).toHaveLength(1);
    expect(differencesFrom(succeeded, { prompt: "a fox", ...without("prompt", row) })).toHaveLength(1);
  });

  it("wraps a past generation, which has a cost", () => {
    const generation = { ...row, cost: "0.35", user_id: null, username: "ox", user_image: null };
    const entry = publishedFor("oxen", "getGenerationDetails", 200, "succeeded");
    expect(differencesFrom(entry, { status: "success", status_message: "resource_found", generation })).toEqual([]);
    expect(differencesFrom(entry, generation).length).toBeGreaterThan(0);
  });

  it("reads the enqueue answer within its vintage's bound", () => {
    const body = {
      generations: Array.from({ length: 5 }, () => ({ generation_id: row.generation_id, status: "queued" })),
    };
    expect(differencesFrom(publishedFor("oxen", "createGeneration", 200, "queued"), body)).toHaveLength(1);
    expect(differencesFrom(publishedFor("oxen", "createGeneration", 200, "queued", "0.243"), body)).toEqual([]);
  });

  it("reads the printed 404", () => {
    expect(
      differencesFrom(publishedFor("oxen", "getGeneration", 404), {
        error: { type: "resource_not_found", title: "The requested resource could not be found" },
        status: "error",
        status_message: "resource_not_found",
      }),
    ).toEqual([]);
  });
});

describe("affogato", () => {
  const dim = { height: 1024, width: 1024 };
  const pagination = { page: 1, page_size: 10, total: 1 };
  const generation = (...media: readonly object[]): object => ({
    data: { created_at: 1_764_000_000, generation_id: "gen_AbCdEf0123", media },
    err: {},
    pagination,
  });
  const good = { id: "img_AbCdEf0123", dim, type: "image", status: "success", url: "https://files.test/a.png" };
  const pending = { id: "img_AbCdEf0123", dim, type: "image", status: "pending" };
  const any = publishedFor("affogato", "getGeneration", 200);

  it("has the URL by state: there, empty, or no key at all", () => {
    expect(differencesFrom(any, generation(good, pending, { ...pending, status: "failed", url: "" }))).toEqual([]);
    expect(differencesFrom(any, generation({ ...pending, url: null }))).toHaveLength(1);
    expect(differencesFrom(any, generation({ ...good, status: "failed" }))).toHaveLength(1);
    expect(differencesFrom(any, generation({ ...good, url: "" }))).toHaveLength(1);
    const unfinished = publishedFor("affogato", "getMedia", 200, "pending");
    expect(differencesFrom(unfinished, { data: pending, err: {} })).toEqual([]);
    expect(differencesFrom(unfinished, { data: good, err: {} })).toHaveLength(2);
  });

  it("reads the create answer", () => {
    const media = {
      id: "img_AbCdEf0123",
      dim,
      model: "JuggernautXL",
      status: "initiated",
      style: "Bokeh",
      style_detail: { name: "Bokeh", base_model: "sdxl" },
      type: "image",
    };
    const data = { credits_remaining: 18, generation_id: "gen_AbCdEf0123", result: "initiated", media: [media] };
    const entry = publishedFor("affogato", "createGeneration", 202);
    expect(differencesFrom(entry, { data, err: {} })).toEqual([]);
    expect(differencesFrom(entry, { data, err: null })).toHaveLength(1);
  });

  it("has three words in the deprecating status route, and none for unfinished", () => {
    const entry = publishedFor("affogato", "getGenerationStatus", 200);
    expect(differencesFrom(entry, { data: [{ image_id: "img_AbCdEf0123", status: "censored" }], err: {} })).toEqual([]);
    expect(differencesFrom(entry, { data: [{ image_id: "img_AbCdEf0123", status: "pending" }], err: {} })).toHaveLength(
      1,
    );
    const image = publishedFor("affogato", "getImageStatus", 200, "pending");
    expect(differencesFrom(image, { data: { image_id: "img_AbCdEf0123" }, err: {} })).toEqual([]);
  });

  it("says error in the estimate", () => {
    const entry = publishedFor("affogato", "estimateCost", 200);
    expect(differencesFrom(entry, { data: { estimated: 5, balance: 20 }, error: {} })).toEqual([]);
    expect(differencesFrom(entry, { data: { estimated: 5, balance: 20 }, err: {} })).toHaveLength(2);
  });
});

describe("vivix", () => {
  const id = "5b91a581-ee19-4f86-9fea-bd29471d69d5";
  const file = `https://pub-364da8d08c644542b169fbc7255349e7.r2.dev/${id}.jpg`;
  // The three bodies of the seed.
  const samples = {
    processing: {
      generation_id: id,
      status: "processing",
      model: "grok-imagine-image-quality",
      credits_estimate: 211,
      elapsed_ms: 4200,
      created_at: "2026-05-10T12:34:56Z",
    },
    completed: {
      generation_id: id,
      status: "completed",
      model: "grok-imagine-image-quality",
      output_url: file,
      output_urls: [file],
      credits_used: 211,
      duration_ms: 12420,
      created_at: "2026-05-10T12:34:56Z",
      completed_at: "2026-05-10T12:35:08Z",
    },
    failed: {
      generation_id: id,
      status: "failed",
      error: "PROVIDER_ERROR",
      message: "Underlying model returned an error.",
      credits_used: 0,
      created_at: "2026-05-10T12:34:56Z",
      completed_at: "2026-05-10T12:35:01Z",
    },
  } as const;

  it.each(Object.entries(samples))("reads the seed's %s body", (state, body) => {
    expect(differencesFrom(publishedFor("vivix", "getGeneration", 200, state), body)).toEqual([]);
  });

  it.each(Object.entries(samples))("misses each key of the %s body, and takes no null for it", (state, body) => {
    const entry = publishedFor("vivix", "getGeneration", 200, state);
    for (const key of Object.keys(body)) {
      expect(differencesFrom(entry, without(key, body))).toHaveLength(1);
      expect(differencesFrom(entry, { ...body, [key]: null })).toHaveLength(1);
    }
  });

  it("takes no field of another state", () => {
    const failed = publishedFor("vivix", "getGeneration", 200, "failed");
    expect(differencesFrom(failed, { ...samples.failed, model: "m" })).toHaveLength(1);
    expect(differencesFrom(failed, { ...samples.failed, output_url: null })).toHaveLength(1);
    expect(differencesFrom(failed, { ...samples.failed, credits_used: 211 })).toHaveLength(1);
  });

  it("has output_url first in output_urls", () => {
    const entry = publishedFor("vivix", "getGeneration", 200, "completed");
    const second = file.replace(".jpg", "-1.jpg");
    expect(differencesFrom(entry, { ...samples.completed, output_urls: [file, second] })).toEqual([]);
    expect(differencesFrom(entry, { ...samples.completed, output_urls: [second, file] })).toHaveLength(1);
  });

  it("has context keys where the code names them", () => {
    const broke = { error: "INSUFFICIENT_CREDITS", message: "m", next: "n", request_id: "req_1" };
    const entry = publishedFor("vivix", "createGeneration", 402);
    expect(differencesFrom(entry, broke)).toHaveLength(2);
    expect(differencesFrom(entry, { ...broke, balance: 10, needed: 211 })).toEqual([]);
    const notYours = publishedFor("vivix", "getGeneration", 403, "NOT_YOURS");
    expect(differencesFrom(notYours, { ...broke, error: "NOT_YOURS" })).toEqual([]);
    expect(differencesFrom(notYours, { ...broke, error: "NOT_YOURS", balance: 10 })).toHaveLength(1);
  });
});
