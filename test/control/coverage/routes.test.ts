/** Tests how coverage is computed, and how it is shown in each form. */
import { describe, expect, it } from "vitest";
import type { CoverageDocument } from "../../../src/control/coverage/document.ts";
import { buildAcmeWorld, createGeneration, headersOf, postGeneration, readCredits } from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { acme } from "../../support/acme/index.ts";
import { control } from "../../support/control.ts";

const coverage = async ({ app }: TestWorld, path = "sandboxes/world/coverage"): Promise<CoverageDocument> =>
  (await control(app, "GET", path)).body as CoverageDocument;

const written = async ({ app }: TestWorld, format: string, path = "sandboxes/world/coverage"): Promise<string> =>
  (await control(app, "GET", `${path}?format=${format}`)).text;

describe("coverage of a sandbox", () => {
  it("marks each listed answer of the used operations with how often it was met, and lists the others apart", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    await readCredits(world);
    expect(await coverage(world)).toEqual({
      sandbox: "world",
      since: null,
      uncounted: 0,
      answers: 2,
      rows: 2,
      met: 1,
      percent: 50,
      documented: { rows: 2, met: 1, percent: 50 },
      vendors: [{ vendor: "acme", rows: 2, met: 1, percent: 50 }],
      classes: [
        { class: "2xx", rows: 1, met: 1, percent: 100 },
        { class: "4xx", rows: 1, met: 0, percent: 0 },
      ],
      operations: [
        {
          vendor: "acme",
          operation: "getCredits",
          answers: 2,
          rows: 2,
          met: 1,
          percent: 50,
          items: [
            {
              status: 200,
              code: null,
              phase: null,
              vintage: null,
              source: "doc",
              count: 2,
              provoke: "GET /acme/credits",
            },
            {
              status: 403,
              code: "no_plan",
              phase: null,
              vintage: null,
              source: "doc",
              count: 0,
              provoke: "GET /acme/credits by account free",
            },
          ],
          others: [],
        },
      ],
      unused: [
        { vendor: "acme", operation: "createGeneration", rows: 2 },
        { vendor: "bolt", operation: "createGeneration", rows: 1 },
      ],
    });
  });

  it("is 0 % while no operation was used", async () => {
    const world = await buildAcmeWorld();
    expect(await coverage(world)).toMatchObject({ answers: 0, rows: 0, met: 0, percent: 0, operations: [] });
    expect(await written(world, "text")).toBe("coverage of sandbox world: no operation was used\n");
  });

  it("rounds down, so that only complete coverage is 100 %", async () => {
    const world = await buildAcmeWorld();
    await createGeneration(world);
    await readCredits(world);
    await readCredits(world, { account: "free" });
    expect(await coverage(world)).toMatchObject({ rows: 4, met: 3, percent: 75 });
    await postGeneration(world, undefined, { account: "broke" });
    expect(await coverage(world)).toMatchObject({ rows: 4, met: 4, percent: 100 });
  });

  it("begins anew at a reset, and says when", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    await control(world.app, "POST", "sandboxes/world/reset");
    expect(await coverage(world)).toMatchObject({ answers: 0, since: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  it("says how many requests came with a restored bundle, because they are not counted", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    const { body } = await control(world.app, "GET", "sandboxes/world/bundle");
    expect(await control(world.app, "PUT", "sandboxes/world/bundle", body)).toMatchObject({ status: 200 });
    await readCredits(world);
    expect(await coverage(world)).toMatchObject({ answers: 1, uncounted: 1 });
    expect(await written(world, "text")).toMatch(/^1 request came with a restored bundle and are not counted\.$/m);
  });

  it("is the problem no-such-sandbox for an unknown sandbox", async () => {
    const world = await buildAcmeWorld();
    expect(await control(world.app, "GET", "sandboxes/wrld/coverage")).toMatchObject({
      status: 404,
      body: { code: "no-such-sandbox" },
    });
  });
});

describe("the forms of coverage", () => {
  it("are chosen by ?format= or by the Accept header, and an unknown form is refused", async () => {
    const world = await buildAcmeWorld();
    const types = { json: "application/json", text: "text/plain", markdown: "text/markdown", html: "text/html" };
    for (const [format, type] of Object.entries(types)) {
      const asked = await control(world.app, "GET", `coverage?format=${format}`);
      const accepting = await control(world.app, "GET", "coverage", undefined, { headers: { accept: type } });
      expect([asked, accepting]).toMatchObject([{ status: 200 }, { status: 200 }]);
      for (const { headers } of [asked, accepting]) expect(headers["content-type"]).toBe(`${type}; charset=utf-8`);
    }
    expect(await control(world.app, "GET", "coverage?format=xml")).toMatchObject({ status: 400 });
  });

  it("as text is a line for each answer, with what provokes a missing one", async () => {
    const world = await buildAcmeWorld();
    await createGeneration(world);
    await control(world.app, "POST", "sandboxes/world/rules", {
      when: { operation: "createGeneration" },
      fault: { status: 418, body: "a teapot" },
    });
    await postGeneration(world);
    expect(await written(world, "text")).toBe(
      [
        "coverage of sandbox world: 1 of 2 (50 %) of the answers of the operations in use; documented ones: 1 of 2 (50 %)",
        "  acme 1 of 2 (50 %), 2xx 1 of 1 (100 %), 4xx 0 of 1 (0 %)",
        "acme createGeneration: 1 of 2 (50 %), 2 answers",
        "  met 1 time: 201 queued waiting",
        "  in no row, 1 time: 418",
        '  missing: 402 no_credits [doc]; to provoke: POST /acme/jobs {"prompt":"a hat"} by account broke',
        "never used of acme: getCredits",
        "never used: bolt",
        "",
      ].join("\n"),
    );
  });

  it("call an operation without a row one with no listed answers, instead of one of which none was met", async () => {
    const world = await buildAcmeWorld();
    await world.send(acme, "main", { method: "POST", url: "/acme/uploads", body: { contentType: "text/plain" } });
    expect(await written(world, "text")).toContain("\nacme createAssetUpload: no listed answers, 1 answer\n");
    expect(await written(world, "markdown")).toContain("| acme | createAssetUpload | 1 | no listed answers | 201 ×1 |");
    expect(await written(world, "html")).toContain("acme createAssetUpload: no listed answers, 1 answer");
  });

  it("as Markdown is a table of operations and a folded table of missing answers", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    expect(await written(world, "markdown")).toBe(
      [
        "## Coverage of sandbox world",
        "",
        "**1 of 2 (50 %)** of the answers of the operations in use were met; of the documented ones, 1 of 2 (50 %).",
        "",
        "| Vendor | Operation | Answers | Met | In no row |",
        "| --- | --- | --- | --- | --- |",
        "| acme | getCredits | 1 | 1 of 2 (50 %) |  |",
        "",
        "<details><summary>1 missing answer</summary>",
        "",
        "| Vendor | Operation | Answer | Source | To provoke |",
        "| --- | --- | --- | --- | --- |",
        "| acme | getCredits | 403 no\\_plan | doc | `GET /acme/credits by account free` |",
        "",
        "</details>",
        "",
        "Never used of acme: createGeneration",
        "",
        "Never used: bolt",
        "",
      ].join("\n"),
    );
  });

  it("as HTML is a page that loads nothing and runs nothing", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    const { text, headers } = await control(world.app, "GET", "sandboxes/world/coverage?format=html");
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(text).toContain("<h1>Coverage of sandbox world</h1>");
    expect(text).toContain('<td class="missing">missing</td><td>403 no_plan</td>');
    expect(text).not.toMatch(/<script|src=|href=|https?:/);
  });
});

describe("coverage of the run", () => {
  it("adds up all sandboxes, keeps what deleted ones met, and begins anew when asked to", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    const { app } = world;
    await app.inject({ url: "/acme/credits", headers: headersOf("other", "free") });
    await control(app, "DELETE", "sandboxes/other");
    const run = await coverage(world, "coverage");
    expect(run).toMatchObject({ sandbox: null, answers: 2, met: 2, percent: 100 });
    expect(await control(app, "DELETE", "coverage")).toMatchObject({ status: 204 });
    const anew = await coverage(world, "coverage");
    expect(anew).toMatchObject({ answers: 0 });
    expect(Date.parse(anew.since ?? "")).toBeGreaterThanOrEqual(Date.parse(run.since ?? ""));
    // The counts of a sandbox are its own.
    expect(await coverage(world)).toMatchObject({ answers: 1 });
  });
});
