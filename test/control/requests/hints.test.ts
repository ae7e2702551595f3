/** Tests what a failed verification, a report and a wait say about where requests really went. */
import { describe, expect, it } from "vitest";
import {
  buildAcmeWorld,
  createGeneration,
  headersOf,
  marked,
  picture,
  postGeneration,
  readCredits,
  readGeneration,
} from "../../support/acme.ts";
import { acme } from "../../support/acme/index.ts";
import { buildTestWorld } from "../../support/app.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { postGeneration as postToVivix } from "../../support/vivix.ts";

const verify = async (world: TestWorld, body: object, sandbox = "world") =>
  (await control(world.app, "POST", `sandboxes/${sandbox}/requests/verify`, body)).body;
const report = async (world: TestWorld, sandbox = "world") =>
  (await control(world.app, "GET", `sandboxes/${sandbox}/report?format=text`)).text;

describe("a failed verification", () => {
  it("says that a matching request came to another sandbox, when, and which key to give", async () => {
    const world = await buildAcmeWorld();
    await postGeneration(world);
    await control(world.app, "PUT", "sandboxes/my-test", {});
    const { detail } = await verify(world, { operation: "createGeneration" }, "my-test");
    expect(detail).toContain(
      'A matching request came to sandbox "world" a moment ago: request 1, POST /acme/jobs (201). Give the app a key of this sandbox: fx_my-test_main.',
    );
    expect(detail).not.toContain("No request had a key");
  });

  it("names a key with the beginning that its vendor's keys have", async () => {
    const world = await buildAcmeWorld({}, "world", [{ ...acme, keyPrefix: "acme_" }]);
    await postGeneration(world);
    await control(world.app, "PUT", "sandboxes/my-test", {});
    const { detail } = await verify(world, { operation: "createGeneration" }, "my-test");
    expect(detail).toContain("Give the app a key of this sandbox: acme_fx_my-test_main.");
  });

  it("names only strays that may be of this test: not those before it, nor with another sandbox's key", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world, { account: null });
    await new Promise((resolve) => setImmediate(resolve));
    await world.advance("1s");
    await control(world.app, "PUT", "sandboxes/later", {});
    const wanted = { operation: "createGeneration" };
    expect((await verify(world, wanted, "later")).detail).not.toContain("reached no");
    for (const key of ["fx_world_main_bob", "fx_later_main_bob", "fx_later-typo_main_x", "sk-real"])
      await world.app.inject({ url: "/acme/credits", headers: { authorization: `Bearer ${key}` } });
    expect((await verify(world, wanted, "later")).detail).toContain("3 requests of this server reached no sandbox");
    expect(await report(world, "later")).toContain("3 unassigned requests:");
  });

  it("says nothing of strays when there were too many requests", async () => {
    const world = await buildAcmeWorld();
    await readCredits(world, { account: null });
    await readCredits(world);
    const { detail } = await verify(world, { operation: "getCredits", count: "never" });
    expect(detail.split("\n")).toEqual([
      'Expected no request like {operation: "getCredits"}; found 1 (of 1 request in sandbox "world").',
      "Found: request 1, GET /acme/credits (200).",
    ]);
  });

  it("counts only strays since the sandbox's last reset", async () => {
    const world = await buildAcmeWorld();
    for (let sent = 0; sent < 5; sent += 1) await readCredits(world, { account: null });
    expect((await verify(world, { operation: "createGeneration" })).detail).toContain(
      "5 requests of this server reached no",
    );
    expect(await report(world)).toContain("3 of 5 unassigned requests:");
    await control(world.app, "POST", "sandboxes/world/reset");
    await new Promise((resolve) => setImmediate(resolve));
    const { detail } = await verify(world, { operation: "createGeneration" });
    expect(detail).not.toContain("reached no");
    expect(await report(world)).not.toContain("unassigned");
  });

  it("says that the clock is frozen while a client polls", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    for (let read = 0; read < 3; read += 1) await readGeneration(world, id);
    const said = "The sandbox's clock is frozen, so nothing ends by itself: a client read the status 3 times.";
    expect((await verify(world, { operation: "deleteGeneration" })).detail).toContain(said);
    expect(await report(world)).toContain(said);
    await world.advance("1h");
    expect(await report(world)).not.toContain("so nothing ends by itself");
  });
});

describe("an unused rule of a report", () => {
  it("has the request that nearly matched it", async () => {
    const world = await buildAcmeWorld();
    const when = { operation: "createGeneration", body: { model: "brsh" } };
    await control(world.app, "POST", "sandboxes/world/rules", { when, scenario: "fail" });
    await postGeneration(world, { prompt: "a lighthouse", model: "brush" });
    expect(await report(world)).toContain(
      'nearest: request 1, POST /acme/jobs: body.model is "brush", expected "brsh"',
    );
  });
});

describe("an unknown route", () => {
  it.each([
    ["POST", "/acme/jbos", "Did you mean POST /acme/jobs"],
    ["GET", "/acme/batches", "This path takes POST."],
    ["PUT", "/acme/jobs/some-id/", "This path takes GET or DELETE."],
    ["GET", "/acme//credits", "Did you mean GET /acme/credits?"],
    ["POST", "/acme/acme/jobs", "Did you mean POST /acme/jobs?"],
    ["POST", "/acme/v1/jobs", "Did you mean POST /acme/jobs"],
  ] as const)("%s %s names the nearest route or the methods of its path", async (method, url, said) => {
    const world = await buildAcmeWorld();
    const { headers } = await world.app.inject({
      method,
      url,
      headers: { authorization: "Bearer acme_fx_world_main" },
    });
    expect(headers["x-fauxgen-diagnostic"]).toContain(`ROUTE_UNKNOWN: No route ${method} ${url}. ${said}`);
  });
});

it.each([
  ["POST", "/jobs", "Did you mean POST /acme/jobs?"],
  ["GET", "/jobs/some-id", "Did you mean GET /acme/jobs/:id?"],
  ["POST", "/api.acme.test/acme/jobs", "Did you mean POST /acme/jobs?"],
  ["POST", "/", "The prefixes are: /acme"],
] as const)("%s %s, below no vendor's prefix, names the nearest route", async (method, url, said) => {
  const world = await buildAcmeWorld();
  const response = await world.app.inject({ method, url });
  expect(response.json()).toMatchObject({ code: "no-such-vendor", detail: expect.stringContaining(said) });
});

it.each([
  ["POST", "sandboxes/world/clock", "This path takes GET or PUT."],
  ["GET", "sandbox/world", "or GET /_fauxgen/sandboxes/:s?"],
] as const)("an unknown route of control, %s %s, names the nearest", async (method, path, said) => {
  const world = await buildAcmeWorld();
  expect((await control(world.app, method, path)).body.detail).toContain(said);
});

describe("a generation that the key does not reach", () => {
  const told = async (world: TestWorld, id: string, headers: Record<string, string>): Promise<string> => {
    const response = await world.app.inject({ url: `/acme/jobs/${id}`, headers });
    expect(response.statusCode).toBe(404);
    return String(response.headers["x-fauxgen-diagnostic"]);
  };

  it("is told with the account or the sandbox that has it, since when, and its key", async () => {
    const world = await buildAcmeWorld();
    const id = await createGeneration(world);
    await world.advance("30s");
    expect(await told(world, id, headersOf("world", "other"))).toBe(
      "GENERATION_ELSEWHERE: Account main of this sandbox created it 30 s ago, and the key is other's; send fx_world_main.",
    );
    expect(await told(world, id, headersOf("elsewhere"))).toBe(
      'GENERATION_ELSEWHERE: Sandbox "world" has it, created 30 s ago by main, and the key is of sandbox "elsewhere"; send fx_world_main.',
    );
  });

  it("is told if it is another vendor's, or a variable without a value", async () => {
    const world = await buildAcmeWorld();
    const task = { method: "POST", url: "/bolt/tasks", headers: { "x-bolt-key": "fx_world_main" } } as const;
    const created = (await world.app.inject({ ...task, payload: picture })).json<{ task: string }>();
    expect(await told(world, created.task, headersOf("world"))).toContain("It is a generation of bolt, and");
    expect(await told(world, "undefined", headersOf("world"))).toContain('The id is the text "undefined"');
    expect(await told(world, "none", headersOf("world"))).toBe("undefined");
  });
});

describe("a wait for deliveries", () => {
  it("repeats its filter and says why the latest delivery failed", async () => {
    const world = await buildAcmeWorld();
    await postGeneration(world, { ...marked("label=hero"), webhook: "http://127.0.0.1:1/hook" });
    await world.advance("1h");
    const { body } = await control(world.app, "GET", "sandboxes/world/webhooks/deliveries?count=1&status=delivered");
    expect(body.detail).toContain('Expected at least 1 delivery like {status: "delivered"}; found 0.');
    expect(body.detail).toContain("ECONNREFUSED");
  });
});

it("an unknown scenario is said in a sentence of the vendor's error", async () => {
  const world = await buildTestWorld();
  const refused = await postToVivix(world, { model: "grok-imagine-image-quality", prompt: "a boat fauxgen:fial" });
  expect(refused.json()).toMatchObject({
    message: expect.stringMatching(
      /^scenario cannot be used: no scenario "fial" \(asked for by marker\)\. Did you mean fail\.$/,
    ),
  });
});

it("a 429 names the limit that fired", async () => {
  const world = await buildTestWorld();
  const body = { model: "grok-imagine-image-quality", prompt: "a boat" };
  for (let sent = 0; sent < 5; sent += 1) await postToVivix(world, body, { account: "limited" });
  const refused = await postToVivix(world, body, { account: "limited" });
  expect([refused.statusCode, refused.headers["x-fauxgen-diagnostic"]]).toEqual([
    429,
    'RATE_LIMITED: 5 jobs of account "limited" are running; the limit is 5 at once.',
  ]);
});
