/** Tests that the lists of published responses are well-formed, and that a lookup finds the entry for an answer. */
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

  it("each entry has a unique route, status, state and vintage", () => {
    const keys = entries.map((each) =>
      [each.method, each.path, each.status, each.state ?? "", each.vintage ?? ""].join(" "),
    );
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it("each entry belongs to the vendor and has a method and an absolute path or a placeholder", () => {
    for (const each of entries) {
      expect(each.vendor).toBe(vendor);
      expect(each.method).toMatch(/^(?:GET|POST|PUT|PATCH|DELETE|\*)$/);
      expect(each.path).toMatch(/^(?:\/|\{\w+\}$)/);
    }
  });

  it("each operation has a success entry, except the unknown route and streams", () => {
    const lacking = publishedOperations(vendor).filter(
      (operation) => !entries.some((each) => each.operation === operation && each.status < 400),
    );
    expect(lacking.filter((operation) => operation !== "followEvents")).toEqual(["unknownRoute"]);
  });
});

describe("the lookup of published responses", () => {
  it("a lookup returns the entry of exactly the state", () => {
    expect(publishedFor("vivix", "getGeneration", 200, "completed")?.state).toBe("completed");
    expect(publishedFor("sync", "getGeneration", 200, "PENDING?include=progress")?.state).toBe(
      "PENDING?include=progress",
    );
  });

  it("a lookup falls back to the state without its query, then to the entry without a state", () => {
    expect(publishedFor("sync", "getGeneration", 200, "PENDING?wait=true")?.state).toBe("PENDING");
    expect(publishedFor("sync", "createGeneration", 422, "project_not_found")?.state).toBeUndefined();
    expect(publishedFor("sync", "createGeneration", 422, "project_not_found")).toBeDefined();
  });

  it("a lookup without a state returns the only entry, and none of several", () => {
    expect(publishedFor("vivix", "getGeneration", 404)?.state).toBe("NOT_FOUND");
    expect(publishedFor("vivix", "getGeneration", 200)).toBeUndefined();
  });

  it("a lookup returns nothing for undocumented operations, statuses and states", () => {
    expect(publishedFor("vivix", "cancelGeneration", 200)).toBeUndefined();
    expect(publishedFor("vivix", "getGeneration", 202)).toBeUndefined();
    expect(publishedFor("vivix", "getGeneration", 200, "cancelled")).toBeUndefined();
  });

  it("a lookup uses the vendor's default vintage unless another is given", () => {
    expect(publishedFor("sync", "getGeneration", 429, "rate_limit_exceeded")?.vintage).toBe("2026-06");
    expect(publishedFor("sync", "getGeneration", 429, "rate_limit_exceeded", "2026-11")?.vintage).toBe("2026-11");
    expect(publishedFor("sync", "getGeneration", 400, "invalid_generation_id")?.state).toBeUndefined();
    expect(publishedFor("sync", "getGeneration", 200, "PENDING?wait=true", "2026-11")?.headers).toHaveProperty(
      "retry-after",
    );
    expect(publishedCandidates("oxen", "createGeneration", 200).map((each) => each.vintage)).toEqual(["0.231"]);
  });
});

describe("the published responses of sync in detail", () => {
  // The object captured in January 2026, followed by the fields that were added later.
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

  it("the captured generation has the published shape", () => {
    expect(differencesFrom(completed, captured)).toEqual([]);
    expect(differencesFrom(publishedFor("sync", "listGenerations", 200), [captured])).toEqual([]);
  });

  it.each(Object.keys(captured))("a captured generation without %s differs", (key) => {
    expect(differencesFrom(completed, without(key, captured))).toHaveLength(1);
  });

  it("progress_percent is allowed only with include=progress", () => {
    const withProgress = { ...captured, progress_percent: 100 };
    expect(differencesFrom(completed, withProgress)).toHaveLength(1);
    const asked = publishedFor("sync", "getGeneration", 200, "COMPLETED?include=progress");
    expect(differencesFrom(asked, withProgress)).toEqual([]);
    expect(differencesFrom(asked, captured)).toHaveLength(1);
  });

  it("synthesizedAudioUrl is allowed only with a text input", () => {
    const { projectId, ...rest } = captured;
    const spoken = { ...rest, synthesizedAudioUrl: "https://files.test/a.mp3", projectId };
    expect(differencesFrom(completed, spoken)).toHaveLength(1);
    const script = { type: "text", provider: { name: "elevenlabs", voiceId: "v", script: "Hello" } };
    expect(differencesFrom(completed, { ...spoken, input: [captured.input[0], script] })).toEqual([]);
  });

  it("a running generation has no output, and a failed one has a code", () => {
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

  it("the 401s have the bodies that a client recorded", () => {
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

  it("the 429 of a rate limit has a code only in the newer vintage", () => {
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

  it("the error list has its 62 codes in the catalogue's order", () => {
    const entry = publishedFor("sync", "listErrors", 200);
    const catalogue = catalogueCodes.map((code) => ({ code, message: "m", suggestion: "s" }));
    expect(catalogue).toHaveLength(62);
    expect(differencesFrom(entry, catalogue)).toEqual([]);
    expect(differencesFrom(entry, catalogue.toReversed()).length).toBeGreaterThan(0);
    expect(differencesFrom(entry, catalogue.slice(1)).length).toBeGreaterThan(0);
  });
});

describe("the published responses of oxen in detail", () => {
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

  it("a row with its echoed parameters has the published shape", () => {
    expect(differencesFrom(succeeded, row)).toEqual([]);
    const list = publishedFor("oxen", "listGenerations", 200);
    expect(differencesFrom(list, { count: 1, generations: [row] })).toEqual([]);
    expect(differencesFrom(list, { count: 2, generations: [row] })).toHaveLength(1);
    expect(differencesFrom(list, { count: 0, generations: [] })).toEqual([]);
  });

  it("a row without its nulls, with a cost, or with its end before its start differs", () => {
    expect(differencesFrom(succeeded, without("error_message", row))).toHaveLength(1);
    expect(differencesFrom(succeeded, { ...row, cost: "0.35" })).toHaveLength(1);
    expect(differencesFrom(succeeded, { ...row, completed_at: 1 })).toHaveLength(1);
    expect(differencesFrom(succeeded, { prompt: "a fox", ...without("prompt", row) })).toHaveLength(1);
  });

  it("a past generation has a wrapper and a cost", () => {
    const generation = { ...row, cost: "0.35", user_id: null, username: "ox", user_image: null };
    const entry = publishedFor("oxen", "getGenerationDetails", 200, "succeeded");
    expect(differencesFrom(entry, { status: "success", status_message: "resource_found", generation })).toEqual([]);
    expect(differencesFrom(entry, generation).length).toBeGreaterThan(0);
  });

  it("the enqueue response has at most the generations of its vintage", () => {
    const body = {
      generations: Array.from({ length: 5 }, () => ({ generation_id: row.generation_id, status: "queued" })),
    };
    expect(differencesFrom(publishedFor("oxen", "createGeneration", 200, "queued"), body)).toHaveLength(1);
    expect(differencesFrom(publishedFor("oxen", "createGeneration", 200, "queued", "0.243"), body)).toEqual([]);
  });

  it("the printed 404 has the published shape", () => {
    expect(
      differencesFrom(publishedFor("oxen", "getGeneration", 404), {
        error: { type: "resource_not_found", title: "The requested resource could not be found" },
        status: "error",
        status_message: "resource_not_found",
      }),
    ).toEqual([]);
  });
});

describe("the published responses of affogato in detail", () => {
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

  it("the url of a media item is present, empty or absent, depending on the state", () => {
    expect(differencesFrom(any, generation(good, pending, { ...pending, status: "failed", url: "" }))).toEqual([]);
    expect(differencesFrom(any, generation({ ...pending, url: null }))).toHaveLength(1);
    expect(differencesFrom(any, generation({ ...good, status: "failed" }))).toHaveLength(1);
    expect(differencesFrom(any, generation({ ...good, url: "" }))).toHaveLength(1);
    const unfinished = publishedFor("affogato", "getMedia", 200, "pending");
    expect(differencesFrom(unfinished, { data: pending, err: {} })).toEqual([]);
    expect(differencesFrom(unfinished, { data: good, err: {} })).toHaveLength(2);
  });

  it("the create response has the published shape", () => {
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

  it("the deprecated status route has three words, and none for an unfinished image", () => {
    const entry = publishedFor("affogato", "getGenerationStatus", 200);
    expect(differencesFrom(entry, { data: [{ image_id: "img_AbCdEf0123", status: "censored" }], err: {} })).toEqual([]);
    expect(differencesFrom(entry, { data: [{ image_id: "img_AbCdEf0123", status: "pending" }], err: {} })).toHaveLength(
      1,
    );
    const image = publishedFor("affogato", "getImageStatus", 200, "pending");
    expect(differencesFrom(image, { data: { image_id: "img_AbCdEf0123" }, err: {} })).toEqual([]);
  });

  it("the estimate has the key error instead of err", () => {
    const entry = publishedFor("affogato", "estimateCost", 200);
    expect(differencesFrom(entry, { data: { estimated: 5, balance: 20 }, error: {} })).toEqual([]);
    expect(differencesFrom(entry, { data: { estimated: 5, balance: 20 }, err: {} })).toHaveLength(2);
  });
});

describe("the published responses of vivix in detail", () => {
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

  it.each(Object.entries(samples))("the seed's %s body has the published shape", (state, body) => {
    expect(differencesFrom(publishedFor("vivix", "getGeneration", 200, state), body)).toEqual([]);
  });

  it.each(Object.entries(samples))("each key of the %s body is required and not nullable", (state, body) => {
    const entry = publishedFor("vivix", "getGeneration", 200, state);
    for (const key of Object.keys(body)) {
      expect(differencesFrom(entry, without(key, body))).toHaveLength(1);
      expect(differencesFrom(entry, { ...body, [key]: null })).toHaveLength(1);
    }
  });

  it("a body with a field of another state differs", () => {
    const failed = publishedFor("vivix", "getGeneration", 200, "failed");
    expect(differencesFrom(failed, { ...samples.failed, model: "m" })).toHaveLength(1);
    expect(differencesFrom(failed, { ...samples.failed, output_url: null })).toHaveLength(1);
    expect(differencesFrom(failed, { ...samples.failed, credits_used: 211 })).toHaveLength(1);
  });

  it("output_url is the first of output_urls", () => {
    const entry = publishedFor("vivix", "getGeneration", 200, "completed");
    const second = file.replace(".jpg", "-1.jpg");
    expect(differencesFrom(entry, { ...samples.completed, output_urls: [file, second] })).toEqual([]);
    expect(differencesFrom(entry, { ...samples.completed, output_urls: [second, file] })).toHaveLength(1);
  });

  it("an error has context keys only if its code names them", () => {
    const first = { error: "INSUFFICIENT_CREDITS", message: "m", next: "n" };
    const context = { balance: 10, needed: 211 };
    const last = { request_id: "req_1" };
    const entry = publishedFor("vivix", "createGeneration", 402);
    expect(differencesFrom(entry, { ...first, ...last })).toHaveLength(2);
    expect(differencesFrom(entry, { ...first, ...context, ...last })).toEqual([]);
    expect(differencesFrom(entry, { ...first, ...last, ...context })).toHaveLength(1);
    const notYours = publishedFor("vivix", "getGeneration", 403, "NOT_YOURS");
    expect(differencesFrom(notYours, { ...first, error: "NOT_YOURS", ...last })).toEqual([]);
    expect(differencesFrom(notYours, { ...first, error: "NOT_YOURS", balance: 10, ...last })).toHaveLength(1);
  });
});
