/** Tests each kind of expectation with a client that meets it and one that nearly does. */
import { describe, expect, it } from "vitest";
import type { Base } from "../../src/conformance/base.ts";
import { expectation } from "../../src/conformance/expectation-document.ts";
import { judge } from "../../src/conformance/predicates.ts";
import { observe, START, type Setting } from "./observed.ts";

const base: Base = { creates: 1, made: 1, downloads: 1, hookDownloads: 1, pollsAfterEnd: 0, pollsPerSecond: 5 };

function holds(document: object, setting: Setting): boolean {
  return judge(expectation.parse(document), observe(setting), base).holds;
}

const LIMITED = { kind: "create", atMs: 0, status: 429, fault: "RATE_LIMIT (before)" } as const;

describe("an expectation", () => {
  it.each<[name: string, document: object, good: Setting, bad: Setting]>([
    ["exit zero", { exit: "zero" }, {}, { exit: { code: 1 } }],
    ["exit zero, by itself", { exit: "zero" }, {}, { exit: { code: undefined, endedBy: "stop" } }],
    ["exit nonzero", { exit: "nonzero" }, { exit: { code: 2 } }, { exit: { code: undefined, signal: "SIGSEGV" } }],
    [
      "ends within a time after the end was told",
      { ends: { within: "1s", after: "over" } },
      { steps: [{ kind: "poll", atMs: 400 }], exit: { endedAt: START + 1400 } },
      { steps: [{ kind: "poll", atMs: 400 }], exit: { endedAt: START + 1500 } },
    ],
    [
      "ends within a time after the client's deadline",
      { ends: { within: "1s", after: "deadline" } },
      { exit: { endedAt: START + 3000 } },
      { exit: { endedAt: START + 3200 } },
    ],
    [
      "none after a fault",
      { none: { of: "create", after: "fault.1", for: "3s" } },
      { steps: [LIMITED, { kind: "create", atMs: 3010 }] },
      { steps: [LIMITED, { kind: "create", atMs: 2900 }] },
    ],
    [
      "none before the date of Retry-After",
      { none: { of: "create", after: "fault.1", for: "retry-after" } },
      {
        steps: [
          { ...LIMITED, retryAfter: new Date(START + 3000).toUTCString() },
          { kind: "create", atMs: 3000 },
        ],
      },
      {
        steps: [
          { ...LIMITED, retryAfter: new Date(START + 3000).toUTCString() },
          { kind: "create", atMs: 2500 },
        ],
      },
    ],
    [
      "at most a number",
      { atMost: { of: "create", count: 1 } },
      { steps: [{ kind: "create", atMs: 0 }] },
      {
        steps: [
          { kind: "create", atMs: 0 },
          { kind: "create", atMs: 900 },
        ],
      },
    ],
    [
      "at most a number with a status",
      { atMost: { of: "poll", count: 0, status: "4xx" } },
      { steps: [{ kind: "poll", atMs: 0, status: 500 }] },
      { steps: [{ kind: "poll", atMs: 0, status: 404 }] },
    ],
    [
      "at most what the client does when all goes well, in a time",
      { atMost: { of: "poll", count: { base: "pollsPerSecond", times: 0.4 }, after: "start", for: "1s" } },
      {
        steps: [
          { kind: "poll", atMs: 100 },
          { kind: "poll", atMs: 200 },
          { kind: "poll", atMs: 1200 },
        ],
      },
      {
        steps: [
          { kind: "poll", atMs: 100 },
          { kind: "poll", atMs: 200 },
          { kind: "poll", atMs: 900 },
        ],
      },
    ],
    [
      "at least a number",
      { atLeast: { of: "poll", count: 2 } },
      {
        steps: [
          { kind: "poll", atMs: 0 },
          { kind: "poll", atMs: 1 },
        ],
      },
      { steps: [{ kind: "poll", atMs: 0 }] },
    ],
    [
      "spaced, from the answer on",
      { spaced: { of: "create", by: "2s", after: "fault.1" } },
      { steps: [LIMITED, { kind: "create", atMs: 2010 }] },
      {
        steps: [
          { ...LIMITED, tookMs: 500 },
          { kind: "create", atMs: 2010 },
        ],
      },
    ],
    [
      "the same body, whatever the order of its keys",
      { same: { of: "create", what: "body" } },
      {
        steps: [
          { kind: "create", atMs: 0, body: { a: 1, b: 2 } },
          { kind: "create", atMs: 1, body: { b: 2, a: 1 } },
        ],
      },
      {
        steps: [
          { kind: "create", atMs: 0, body: { a: 1 } },
          { kind: "create", atMs: 1, body: { a: 2 } },
        ],
      },
    ],
    [
      "the same key",
      { same: { of: "create", what: "header:idempotency-key" } },
      {
        steps: [
          { kind: "create", atMs: 0, headers: { "idempotency-key": "k" } },
          { kind: "create", atMs: 1, headers: { "idempotency-key": "k" } },
        ],
      },
      {
        steps: [
          { kind: "create", atMs: 0, headers: { "idempotency-key": "k" } },
          { kind: "create", atMs: 1 },
        ],
      },
    ],
    [
      "keyed",
      { keyed: "create" },
      { steps: [{ kind: "create", atMs: 0, headers: { "idempotency-key": "k" } }] },
      { steps: [{ kind: "create", atMs: 0 }] },
    ],
    [
      "an order",
      { order: ["poll", "download"] },
      {
        steps: [
          { kind: "poll", atMs: 0 },
          { kind: "list", atMs: 1 },
          { kind: "download", atMs: 2 },
        ],
      },
      {
        steps: [
          { kind: "download", atMs: 0 },
          { kind: "poll", atMs: 1 },
        ],
      },
    ],
    [
      "no reads of a job whose end was told",
      { rests: "poll" },
      {
        steps: [
          { kind: "poll", atMs: 100 },
          { kind: "poll", atMs: 400 },
        ],
      },
      {
        steps: [
          { kind: "poll", atMs: 400 },
          { kind: "poll", atMs: 500 },
        ],
      },
    ],
    [
      "all files",
      { downloaded: "good" },
      { steps: [{ kind: "download", atMs: 500 }] },
      { steps: [{ kind: "download", atMs: 500, fault: "TRUNCATED_BODY (after)", state: "dropped" }] },
    ],
    [
      "each file once",
      { downloaded: "once" },
      { steps: [{ kind: "download", atMs: 500 }] },
      {
        steps: [
          { kind: "download", atMs: 500 },
          { kind: "download", atMs: 600 },
        ],
      },
    ],
    [
      "no key at a file host",
      { keyless: "download" },
      { steps: [{ kind: "download", atMs: 500 }] },
      { steps: [{ kind: "download", atMs: 500, headers: { "x-api-key": "…" } }] },
    ],
    ["an untouched canary", { untouched: "canary" }, {}, { more: { canaryFetched: true } }],
    ["a whole file", { artifact: "whole" }, { more: { artifact: true } }, { more: { artifact: false } }],
    [
      "either of two",
      { either: [[{ exit: "nonzero" }], [{ exit: "zero" }, { atMost: { of: "create", count: 1 } }]] },
      { steps: [{ kind: "create", atMs: 0 }] },
      {
        steps: [
          { kind: "create", atMs: 0 },
          { kind: "create", atMs: 9 },
        ],
      },
    ],
    ["not", { not: { exit: "zero" } }, { exit: { endedBy: "stop" } }, {}],
    [
      "an answered forgery",
      { delivered: { which: "forged", status: ["4xx"] } },
      { more: { steps: [{ at: START, what: "", made: [], answer: { kind: "forged", status: 401 } }] } },
      { more: { steps: [{ at: START, what: "", made: [], answer: { kind: "forged", status: 200 } }] } },
    ],
  ])("of %s holds for one client, and not for one that nearly does it", (_name, document, good, bad) => {
    expect([holds(document, good), holds(document, bad)]).toEqual([true, false]);
  });

  it("about an event that did not happen holds, since the point of the case was not met", () => {
    expect(holds({ none: { of: "poll", after: "fault.1", for: "1s" } }, { steps: [{ kind: "poll", atMs: 0 }] })).toBe(
      true,
    );
  });

  it("does not count a read that the transport repeats at once after a cut connection", () => {
    const cut = { kind: "poll", atMs: 0, status: null, state: "dropped", fault: "EMPTY_RESPONSE (before)" } as const;
    const document = { none: { of: "poll", after: "fault.1", for: "1s" } };
    expect(holds(document, { steps: [cut, { kind: "poll", atMs: 20 }] })).toBe(true);
    expect(holds(document, { steps: [cut, { kind: "poll", atMs: 200 }] })).toBe(false);
  });

  it("names the requests that it rests on", () => {
    const steps = [LIMITED, { kind: "create", atMs: 100 }, { kind: "create", atMs: 9000 }] as const;
    const judged = judge(
      expectation.parse({ none: { of: "create", after: "fault.1", for: "3s" } }),
      observe({ steps }),
      base,
    );
    expect(judged).toEqual({
      holds: false,
      seen: "a create request came within 3.0 s of fault.1, the first after 90 ms",
      requests: [1, 2],
    });
  });
});
