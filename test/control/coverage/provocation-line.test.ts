/** Tests the one line that says what provokes an answer. */
import { describe, expect, it } from "vitest";
import { provocationLine } from "../../../src/control/coverage/provocation-line.ts";
import type { Outcome } from "../../../src/http/errors/outcome.ts";
import { vendors } from "../../../src/vendors/index.ts";

type Provoke = Outcome["provoke"];

const read: Provoke = { account: "main", method: "GET", path: "/acme/jobs/{id}" };

describe("the line that says what provokes an answer", () => {
  it.each<[string, Provoke, string]>([
    ["a request", read, "GET /acme/jobs/{id}"],
    ["another account", { ...read, account: "broke" }, "GET /acme/jobs/{id} by account broke"],
    ["a second user", { ...read, user: "colleague" }, "GET /acme/jobs/{id} by account main's user colleague"],
    ["no key", { method: "GET", path: "/acme/jobs" }, "GET /acme/jobs without a key"],
    ["a wrong key", { method: "GET", path: "/acme/jobs", key: "sk-1" }, "GET /acme/jobs with key sk-1"],
    ["a body", { ...read, method: "POST", body: { prompt: "" } }, 'POST /acme/jobs/{id} {"prompt":""}'],
    ["a marker", { ...read, body: { prompt: "fauxgen:fail=no_ink" } }, "GET /acme/jobs/{id} with fauxgen:fail=no_ink"],
    ["a plain create", { ...read, create: { body: { prompt: "a hat" } } }, "create, then GET /acme/jobs/{id}"],
    [
      "another create",
      { ...read, create: { body: { prompt: "a hat", size: 9 }, times: 2, account: "free" } },
      'create {"prompt":"a hat","size":9} by account free 2 times, then GET /acme/jobs/{id}',
    ],
    [
      "a create with a marker and the clock",
      { ...read, create: { body: { prompt: "fauxgen:fail" } }, advance: "10s", meanwhile: "1s" },
      "create with fauxgen:fail, then advance 10s, then GET /acme/jobs/{id}, then advance 1s while it is held",
    ],
    [
      "settings, earlier requests, a header, a repetition and a link",
      {
        ...read,
        settings: { timing: "instant" },
        before: [{ method: "PUT", path: "{uploadUrl}", rawBody: "a\nb" }],
        headers: { "x-order": "1" },
        times: 3,
        link: "url",
      },
      'settings {"timing":"instant"}, then PUT {uploadUrl} a b, then GET /acme/jobs/{id} (x-order: 1) 3 times, then GET the URL in url, without a key',
    ],
  ])("names %s", (_what, provoke, line) => {
    expect(provocationLine(provoke, { plainCreate: { prompt: "a hat" } })).toBe(line);
  });

  it("names the version of the API that the answer needs", () => {
    expect(provocationLine(read, { vintage: "acme=2" })).toBe("--vintages acme=2, then GET /acme/jobs/{id}");
  });

  it("is one line of at most 2000 characters for each outcome of each vendor", () => {
    const lines = vendors.flatMap(({ outcomes }) => outcomes.map(({ provoke }) => provocationLine(provoke)));
    expect(lines.filter((line) => line.length > 2000 || /[\r\n]/.test(line))).toEqual([]);
  });
});
