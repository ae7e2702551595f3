/** Tests that a verification counts matching requests, and that its failure names the nearest request. */
import { describe, expect, it } from "vitest";
import { buildAcmeWorld, get, picture, post, postGeneration, readCredits } from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";

/** The default body of the requests. */
const hero = { ...picture, model: "brush", prompt: "fauxgen:label=hero a lighthouse", count: 2 };
const verify = async (world: TestWorld, body: object) =>
  control(world.app, "POST", "sandboxes/world/requests/verify", body);
const sequence = async (world: TestWorld, body: object) =>
  control(world.app, "POST", "sandboxes/world/requests/sequence", body);

describe("a verification", () => {
  it.each([
    [undefined, true],
    [{ atLeast: 2 }, true],
    [{ atLeast: 3 }, false],
    [{ exactly: 2 }, true],
    [{ exactly: 1 }, false],
    [2, true],
    [{ atMost: 2 }, true],
    [{ atMost: 1 }, false],
    [{ atLeast: 1, atMost: 3 }, true],
    ["never", false],
    [{ never: true }, false],
  ])("of two requests with count %j passes: %s", async (count, holds) => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    await readCredits(world);
    const answer = await verify(world, { operation: "getCredits", ...(count !== undefined && { count }) });
    if (holds) expect(answer).toMatchObject({ status: 200, body: { count: 2, evicted: 0 } });
    else expect(answer).toMatchObject({ status: 422, body: { code: "not-verified", count: 2 } });
  });

  it("names the nearest request, and its first difference", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    await postGeneration(world, hero);
    const missed = await verify(world, {
      vendor: "acme",
      operation: "createGeneration",
      label: "hero",
      body: { model: "brush", count: 4 },
    });
    expect(missed.status).toBe(422);
    expect(missed.body).toMatchObject({
      count: 0,
      nearest: [
        {
          id: 2,
          request: "POST /acme/jobs",
          status: 201,
          field: "body.count",
          expected: 4,
          actual: 2,
          difference: "body.count is 2, expected 4",
        },
        { id: 1, field: "operation" },
      ],
    });
    expect(missed.body.detail.split("\n")).toEqual([
      'Expected at least 1 request like {vendor: "acme", operation: "createGeneration", label: "hero", body: {"model":"brush","count":4}}; found 0 (of 2 requests in sandbox "world").',
      "Nearest: request 2, POST /acme/jobs (201): body.count is 2, expected 4.",
    ]);
  });

  it.each([
    [{ account: "other" }, 'account is "main", expected "other"'],
    [{ label: "villain" }, 'label is "hero", expected "villain"'],
    [{ status: 400 }, "status is 201, expected 400"],
    [{ path: "/acme/jobs/*" }, 'path is "/acme/jobs", expected "/acme/jobs/*"'],
    [{ body: { seed: 7 } }, "body.seed is missing, expected 7"],
    [{ body: [{ model: "x" }] }, 'body is {"prompt":"fauxgen:label=hero a lighthouse"'],
    [
      { headers: { "idempotency-key": { $exists: true } } },
      'headers.idempotency-key is missing, expected {"$exists":true}',
    ],
  ])("describes how a request differs from %j", async (wanted, difference) => {
    const world = await buildAcmeWorld();
    await postGeneration(world, hero);
    const { detail } = (await verify(world, wanted)).body;
    expect(detail).toContain(difference);
  });

  it("ranks a request with another value nearer than one without a value", async () => {
    const world = await buildAcmeWorld();
    await postGeneration(world, hero);
    await post(world, "/acme/jbos");
    await post(world, "/acme/jbos", {});
    const { body } = await verify(world, { body: { prompt: { $regex: "dog" } } });
    expect(body.nearest.map(({ id }: { id: number }) => id)).toEqual([1, 3, 2]);
    expect(body.detail).not.toContain("Then:");
  });

  it("ranks a request with fewer differences nearer", async () => {
    const world = await buildAcmeWorld();
    await postGeneration(world, hero);
    await post(world, "/acme/jbos", hero);
    const { body } = await verify(world, { method: "PUT", path: "/acme/jobs" });
    expect(body.nearest).toMatchObject([{ id: 1, request: "POST /acme/jobs", field: "method" }, { id: 2 }]);
    await postGeneration(world, { ...hero, count: 1 });
    const deep = await verify(world, { body: { prompt: "fauxgen:label=hero a mill", count: 2 } });
    expect(deep.body.nearest).toMatchObject([{ id: 2 }, { id: 1 }, { id: 3 }]);
  });

  it("lists the matching requests if there are too many", async () => {
    const world = await buildAcmeWorld();
    for (let sent = 0; sent < 3; sent += 1) await readCredits(world);
    const { body } = await verify(world, { operation: "getCredits", count: { atMost: 1 } });
    expect(body.detail.split("\n")).toEqual([
      'Expected at most 1 request like {operation: "getCredits"}; found 3 (of 3 requests in sandbox "world").',
      "Found: request 1, GET /acme/credits (200); request 2, GET /acme/credits (200); request 3, GET /acme/credits (200).",
    ]);
    expect(body.matching).toEqual([1, 2, 3]);
  });

  it("mentions requests that reached no sandbox, and requests that the journal dropped", async () => {
    const world = await buildAcmeWorld({ journalEntries: 1 });
    await readCredits(world, { account: null });
    await readCredits(world);
    await readCredits(world);
    const { body } = await verify(world, { operation: "createGeneration" });
    expect(body).toMatchObject({ evicted: 1, unassigned: 1 });
    expect(body.detail.split("\n")).toEqual([
      'Expected at least 1 request like {operation: "createGeneration"}; found 0 (of 1 request in sandbox "world").',
      'Nearest: request 2, GET /acme/credits (200): operation is "getCredits", expected "createGeneration".',
      "1 request of this server reached no sandbox or no route: GET /acme/credits (401, KEY_MISSING). See GET /_fauxgen/requests/unassigned.",
      "The journal dropped 1 older request to stay within its bounds; raise --journal-entries.",
    ]);
  });

  it("says that no request had the sandbox's key, and suggests a sandbox with requests", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "PUT", "sandboxes/wrold", {});
    await postGeneration(world, hero);
    const { body } = await control(world.app, "POST", "sandboxes/wrold/requests/verify", { method: "DELETE" });
    expect(body.detail).toContain(
      'No request had a key of this sandbox. Sandbox "world" has requests: was its key used?',
    );
  });

  it("says that a request had no route, and names the nearest route", async () => {
    const world = await buildAcmeWorld();
    await post(world, "/acme/jbos", hero);
    const { detail } = (await verify(world, { operation: "createGeneration" })).body;
    expect(detail).toContain(
      "Nearest: request 1, POST /acme/jbos (404): the vendor has no such route. Did you mean /acme/jobs?\n",
    );
    await control(world.app, "PUT", "sandboxes/elsewhere", {});
    const other = await control(world.app, "POST", "sandboxes/elsewhere/requests/verify", {});
    expect(other.body.detail).not.toContain("jbos");
  });

  it("waits for later requests, and answers once the count is reached", async () => {
    const world = await buildAcmeWorld();
    const began = performance.now();
    const waiting = verify(world, { operation: "getCredits", count: { atLeast: 2 }, within: "10s" });
    await readCredits(world);
    await readCredits(world);
    expect(await waiting).toMatchObject({ status: 200, body: { count: 2 } });
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it("waits the whole time for a request that must not come, and fails at once if it comes", async () => {
    const world = await buildAcmeWorld();
    expect((await verify(world, { operation: "getCredits", count: "never", within: "30ms" })).status).toBe(200);
    const waiting = verify(world, { operation: "getCredits", count: "never", within: "10s" });
    await readCredits(world);
    expect((await waiting).status).toBe(422);
  });

  it("counts requests from their arrival, while they are held", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "POST", "sandboxes/world/rules", { fault: { latency: "1m" } });
    const asked = postGeneration(world, hero);
    const held = await verify(world, { state: "held", body: { count: 2 }, within: "5s" });
    expect(held.status).toBe(200);
    await world.advance("1m");
    expect((await asked).statusCode).toBe(201);
  });

  it.each([
    [{ operation: "getCredit" }, "unknown-name", "Did you mean getCredits"],
    [{ vendor: "accme" }, "unknown-name", "Did you mean acme"],
    [{ operaton: "getCredits" }, "invalid-request", "operaton"],
    [{ body: { a: { $gt: 1, b: 1 } } }, "invalid-request", "operators and fields"],
    [{ path: "/acme/credits?x=1" }, "never-matches", "without its query"],
  ])("refuses %j, which can never match a request", async (wanted, code, detail) => {
    const world = await buildAcmeWorld();
    const refused = await verify(world, { ...wanted, count: "never" });
    expect(refused).toMatchObject({ status: 400, body: { code } });
    expect(refused.body.detail).toContain(detail);
  });
});

describe("a sequence verification", () => {
  it("finds its steps with other requests in between", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    await readCredits(world, { account: "other" });
    await postGeneration(world, hero);
    const steps = [{ operation: "getCredits" }, { operation: "createGeneration", status: 201 }];
    expect(await sequence(world, { steps })).toMatchObject({ status: 200, body: { requests: [1, 3], evicted: 0 } });
  });

  it("names the missing step, and a request of that step that came too early", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world);
    await postGeneration(world, hero);
    const steps = [{ operation: "createGeneration" }, { operation: "getCredits" }];
    const missed = await sequence(world, { steps });
    expect(missed).toMatchObject({ status: 422, body: { code: "not-verified", step: 1, requests: [2] } });
    expect(missed.body.detail).toContain(
      'Step 2 of 2, {operation: "getCredits"}, was not found after step 1, which was request 2, POST /acme/jobs (201).\nIt was sent earlier: request 1, GET /acme/credits (200).',
    );
    const waiting = sequence(world, { steps, within: "5s" });
    await readCredits(world);
    expect((await waiting).body).toMatchObject({ requests: [2, 3] });
  });
});

describe("unassigned requests", () => {
  it("are listed with their reason: no key, no route or no vendor", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world, { account: null });
    await get(world, "/acme/nothing");
    await world.app.inject({ method: "GET", url: "/v9/nothing" });
    await world.app.inject({
      method: "OPTIONS",
      url: "/acme/credits",
      headers: { origin: "http://x", "access-control-request-method": "GET" },
    });
    const { body } = await control(world.app, "GET", "requests/unassigned");
    expect(
      body.items.map(({ reason, request }: { reason: string; request: { url: string } }) => [reason, request.url]),
    ).toEqual([
      ["no-sandbox", "/acme/credits"],
      ["no-route", "/acme/nothing"],
      ["no-vendor", "/v9/nothing"],
    ]);
    await control(world.app, "DELETE", "requests/unassigned");
    expect((await control(world.app, "GET", "requests/unassigned")).body.total).toBe(0);
  });
});

describe("a request to a public route without a key", () => {
  it("is not unassigned", async () => {
    const url = "/acme/health";
    const world = await buildAcmeWorld();
    expect((await world.app.inject({ method: "GET", url })).statusCode).toBe(200);
    expect((await control(world.app, "GET", "requests/unassigned")).body.items).toEqual([]);
    const report = await control(world.app, "GET", "sandboxes/world/report");
    expect(report.body.unassigned).toEqual({ total: 0, latest: [] });
    const missed = (await verify(world, { operation: "getCredits" })).body;
    expect(missed).toMatchObject({ unassigned: 0 });
    expect(missed.detail).not.toContain("reached no sandbox");
    expect((await control(world.app, "GET", "sandboxes/default/requests")).body.items).toMatchObject([
      { url, status: 200, account: null },
    ]);
  });

  it("is listed as unassigned if it is refused, with the reason", async () => {
    const world = await buildAcmeWorld();
    const url = "/acme/jobs/00000000-0000-4000-8000-000000000000/result";
    expect((await world.app.inject({ method: "GET", url })).statusCode).toBe(404);
    expect((await control(world.app, "GET", "requests/unassigned")).body.items).toMatchObject([
      { reason: "no-sandbox", request: { url, status: 404 } },
    ]);
    const { detail } = (await verify(world, { operation: "getCredits" })).body;
    expect(detail).toContain(`GET ${url} (404, without a key of a sandbox)`);
  });
});

describe("the reference API", () => {
  it("lists operations, outcomes and problems, and explains diagnostics", async () => {
    const { app } = await buildAcmeWorld();
    const operations = (await control(app, "GET", "operations?vendor=acme")).body.items;
    expect(operations).toContainEqual({
      vendor: "acme",
      operation: "getCredits",
      method: "GET",
      path: "/acme/credits",
    });
    const outcomes = (await control(app, "GET", "outcomes?vendor=acme&operation=getCredits")).body.items;
    expect(outcomes).toContainEqual(expect.objectContaining({ operation: "getCredits", status: 403, code: "no_plan" }));
    expect((await control(app, "GET", "diagnostics/key_unknown")).body).toMatchObject({ code: "KEY_UNKNOWN" });
    const unknown = await control(app, "GET", "diagnostics/KEY_UNKNWN");
    expect(unknown).toMatchObject({ status: 404, body: { code: "no-such-diagnostic" } });
    expect(unknown.body.detail).toContain("Did you mean KEY_UNKNOWN");
    expect((await control(app, "GET", "problems")).body.items).toContainEqual({
      code: "not-verified",
      status: 422,
      title: "The requests do not meet the expectation",
    });
  });
});
