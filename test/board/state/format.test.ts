/** Tests how the board words times and sizes, and how it writes commands, searches and addresses. */
import { describe, expect, it } from "vitest";
import { curlOf, quoted } from "../../../src/board/state/curl.ts";
import { emptyDraft, expectationOf, ruleDraftOf, ruleOf } from "../../../src/board/state/drafts.ts";
import { searchOf } from "../../../src/board/state/filter.ts";
import { bytesOf, countOf, dateOf, durationOf, shortId, timeOf, visible } from "../../../src/board/state/format.ts";
import { pathTo, placeAt } from "../../../src/board/state/places.ts";
import { requestRow } from "../../../src/board/state/rows.ts";
import type { JournalRequest } from "../../../src/client/documents.ts";

const at = "2026-01-01T00:00:00.000Z";

const request: JournalRequest = {
  id: 7,
  state: "answered",
  sandbox: "world",
  method: "POST",
  url: "/acme/jobs?x=1",
  path: "/acme/jobs",
  query: { x: "1" },
  vendor: "acme",
  operation: "createGeneration",
  account: "other",
  label: "hero",
  status: 429,
  at,
  heldAt: null,
  answeredAt: at,
  real: { at, answeredAt: at, tookMs: 3 },
  scenario: "fail",
  rules: ["rule-3"],
  fault: null,
  generations: ["gen-1"],
  diagnostics: [{ code: "KEY_MISSING", text: null }],
  request: {
    headers: { authorization: "Bearer fx_world_main", host: "x" },
    body: { prompt: "it's" },
    bytes: 17,
    kept: "whole",
  },
  response: { body: null, bytes: 0, retryAfter: null },
};

describe("a duration", () => {
  it.each([
    [0, "0 ms"],
    [999.4, "999 ms"],
    [1700, "1.7 s"],
    [21_500, "21.5 s"],
    [125_000, "2 min 5 s"],
    [3_600_000, "1 h"],
    [12_000_000, "3 h 20 min"],
    [200_000_000, "2 d 8 h"],
    [-900, "-900 ms"],
  ])("of %d ms is %s", (milliseconds, text) => {
    expect(durationOf(milliseconds)).toBe(text);
  });
});

it("characters that hide or turn others are written as escapes, and other scripts are not", () => {
  expect(visible("photo\u202egpj.exe")).toBe("photo\\u202egpj.exe");
  expect(visible("a\u200bb\ufeff")).toBe("a\\u200bb\\ufeff");
  expect(visible("مرحبا, 灯台, 👩‍🚀")).toBe("مرحبا, 灯台, 👩‍🚀");
});

it("sizes, counts, ids and times are short", () => {
  expect([bytesOf(12), bytesOf(2100), bytesOf(3_000_000)]).toEqual(["12 B", "2.1 kB", "3 MB"]);
  expect([countOf(1, "request"), countOf(1200, "request")]).toEqual(["1 request", "1,200 requests"]);
  expect(shortId("653c3a8b-605b-4444-a199-ebc8b7c1f347")).toBe("653c3a…f347");
  expect([timeOf(Date.parse(at)), dateOf(Date.parse(at)), timeOf(Number.NaN), timeOf(9e15)]).toEqual([
    "00:00:00.000",
    "2026-01-01",
    "-",
    "-",
  ]);
});

describe("a curl command", () => {
  it("has the method, the URL, the client's own headers and the body", () => {
    expect(curlOf(request, "http://127.0.0.1:1")).toBe(
      `curl -X POST 'http://127.0.0.1:1/acme/jobs?x=1' -H 'authorization: Bearer fx_world_main' --data-binary '{"prompt":"it'\\''s"}'`,
    );
  });

  it.each(["$(rm -rf /)", "`id`", "a'b", "@file", "a b", "", "!x", "~", "a\nb"])("quotes %j", (word) => {
    expect(quoted(word)).toMatch(/^'[\s\S]*'$/);
  });
});

describe("a search", () => {
  const row = requestRow(request);
  it.each([
    ["jobs", true],
    ["JOBS hero", true],
    ["status:4xx", true],
    ["status:429 vendor:acme op:create", true],
    ["rule:rule-3", true],
    ["gen-1", true],
    ["status:2xx", false],
    ["vendor:bolt", false],
    ["constructor:x", false],
    ["status:dropped", false],
  ])("for %s finds it: %s", (text, isFound) => {
    expect(searchOf(text)?.(row)).toBe(isFound);
  });

  it("without words selects every request", () => {
    expect(searchOf("  ")).toBeUndefined();
  });
});

describe("an address", () => {
  it.each([
    "/_fauxgen/board/",
    "/_fauxgen/board/default/timeline",
    "/_fauxgen/board/w-1/journal/12",
    "/_fauxgen/board/default/timeline/a%2Fb%20c",
  ])("%s leads to a place that has this address", (path) => {
    expect(pathTo(placeAt(path))).toBe(path);
  });

  it.each(["/_fauxgen/", "/_fauxgen/board/default", "/_fauxgen/board/default/nonsense", "/_fauxgen/board/%E0%A4%A"])(
    "%s leads to a timeline",
    (path) => {
      expect(placeAt(path)).toMatchObject({ screen: "timeline" });
    },
  );
});

describe("a rule", () => {
  it("is made of a request", () => {
    expect(ruleOf({ ...ruleDraftOf(request), code: "BAD" })).toEqual({
      when: { vendor: "acme", operation: "createGeneration", account: "other", label: "hero" },
      scenario: "fail=BAD",
      times: 1,
    });
  });

  it.each([
    ["status 503", { status: 503 }],
    ["latency 5s", { latency: "5s" }],
    ["rate limit", { rateLimit: true }],
    ["TRUNCATED_BODY", "TRUNCATED_BODY"],
  ])("has the fault of the choice %s", (fault, document) => {
    expect(ruleOf({ ...emptyDraft, effect: "fault", fault, times: "" })).toEqual({ when: {}, fault: document });
  });
});

describe("a verification", () => {
  it("is made of a request, with its body", () => {
    expect(expectationOf(request)).toEqual({
      vendor: "acme",
      operation: "createGeneration",
      account: "other",
      label: "hero",
      body: { prompt: "it's" },
      count: 1,
    });
  });

  it("leaves out a body that would be read as a pattern", () => {
    const odd = { ...request, request: { ...request.request, body: { a: [{ $gt: 1 }] } } };
    expect(expectationOf(odd)).not.toHaveProperty("body");
  });
});
