/** Tests when a rule applies, and how control adds, lists and removes rules. */
import { describe, expect, it } from "vitest";
import { buildAcmeApp, buildAcmeWorld, headersOf, picture, postGeneration, readCredits } from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";

/** Returns the scenario that a create got. */
const chosenBy = async (world: TestWorld, body: object = picture, headers: Record<string, string> = {}) =>
  (await postGeneration(world, body, { headers })).headers["x-fauxgen-scenario"];

async function add(world: TestWorld, rule: object) {
  return control(world.app, "POST", "sandboxes/world/rules", rule);
}

describe("a rule with a scenario", () => {
  it("applies to `times` creates, counts its hits, and is named in the response header", async () => {
    const world = await buildAcmeWorld();
    const added = await add(world, {
      when: { vendor: "acme", operation: "createGeneration" },
      scenario: "fail=out_of_paint",
      times: 2,
    });
    expect(added).toMatchObject({ status: 201, body: { id: "rule-1", hits: 0, remaining: 2 } });
    const chosen = [await chosenBy(world), await chosenBy(world), await chosenBy(world)];
    expect(chosen).toEqual([
      "fail=out_of_paint; from=rule-1",
      "fail=out_of_paint; from=rule-1",
      "succeed; from=configured",
    ]);
    expect((await control(world.app, "GET", "sandboxes/world/rules")).body.items).toMatchObject([
      { hits: 2, remaining: 0 },
    ]);
    const { items } = (await control(world.app, "GET", "sandboxes/world/generations")).body;
    expect(items[0]).toMatchObject({ scenario: { name: "fail", code: "out_of_paint", source: "rule" } });
    expect((await control(world.app, "GET", "sandboxes/world/requests")).body.items[0]).toMatchObject({
      rules: ["rule-1"],
    });
  });

  it("has less priority than the scenario header and more than the marker", async () => {
    const world = await buildAcmeWorld();
    await add(world, { scenario: "stuck" });
    expect(await chosenBy(world, picture, { "x-fauxgen-scenario": "fail" })).toBe("fail; from=header");
    expect(await chosenBy(world, { ...picture, prompt: "fauxgen:fail" })).toBe("stuck; from=rule-1");
    expect((await control(world.app, "GET", "sandboxes/world/rules/rule-1")).body.hits).toBe(1);
  });

  it("does not count reads, or creates that the vendor refuses, as uses", async () => {
    const world = await buildAcmeWorld();
    await add(world, { scenario: "fail", times: 1 });
    await readCredits(world);
    await postGeneration(world, {});
    await postGeneration(world, picture, { account: "broke" });
    expect(await chosenBy(world)).toBe("fail; from=rule-1");
  });

  it.each([
    [{ account: "main" }, true],
    [{ account: "other" }, false],
    [{ label: "hero" }, true],
    [{ label: "villain" }, false],
    [{ headers: { "X-Trace": { $regex: "^t-" } } }, true],
    [{ headers: { "x-trace": "t-2" } }, false],
    [{ path: "/acme/jobs" }, true],
    [{ path: "/acme/*" }, true],
    [{ path: "/ac*/**" }, true],
    [{ path: { $regex: "^/acme/jobs/" } }, false],
    [{ method: "post" }, true],
    [{ body: { count: { $gte: 2 } } }, true],
    [{ body: { count: { $gt: 2 } } }, false],
    [{ body: { prompt: { $regex: "lighthouse" }, seed: { $exists: false } } }, true],
    [{ body: { references: [] } }, false],
  ])("with the match %j applies: %s", async (when, matches) => {
    const world = await buildAcmeWorld();
    expect((await add(world, { when, scenario: "fail" })).status).toBe(201);
    const body = { ...picture, prompt: "fauxgen:label=hero a lighthouse", count: 2 };
    const chosen = await chosenBy(world, body, { "x-trace": "t-1" });
    expect(chosen?.toString().startsWith("fail")).toBe(matches);
  });

  it("skips the first `after` creates", async () => {
    const world = await buildAcmeWorld();
    await add(world, { scenario: "fail", after: 2, times: 1 });
    const chosen = [];
    for (let sent = 0; sent < 4; sent += 1) chosen.push(((await chosenBy(world)) ?? "").toString().split(";")[0]);
    expect(chosen).toEqual(["succeed", "succeed", "fail", "succeed"]);
  });

  it("with a probability is drawn by the sandbox's seed and name, at about the given rate", async () => {
    const draw = async (sandbox: string) => {
      const world = await buildAcmeWorld({}, sandbox);
      await control(world.app, "POST", `sandboxes/${sandbox}/rules`, { scenario: "fail", probability: 0.3 });
      const chosen = [];
      for (let sent = 0; sent < 60; sent += 1)
        chosen.push(((await chosenBy(world)) ?? "").toString().startsWith("fail"));
      return chosen;
    };
    const first = await draw("world");
    expect(await draw("world")).toEqual(first);
    expect(await draw("elsewhere")).not.toEqual(first);
    const share = first.filter(Boolean).length / first.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.5);
  });

  it("yields to a rule of higher priority, and to a newer rule of the same priority", async () => {
    const world = await buildAcmeWorld();
    await add(world, { scenario: "fail" });
    await add(world, { scenario: "stuck" });
    expect(await chosenBy(world)).toBe("stuck; from=rule-2");
    await add(world, { scenario: "error", priority: 5, times: 1 });
    expect((await postGeneration(world)).statusCode).toBe(500);
    expect(await chosenBy(world)).toBe("stuck; from=rule-2");
  });
});

describe("rules", () => {
  it("are deleted one by one or all at once", async () => {
    const world = await buildAcmeWorld();
    for (const scenario of ["fail", "stuck"]) await add(world, { scenario });
    expect((await control(world.app, "DELETE", "sandboxes/world/rules/rule-2")).status).toBe(204);
    expect(await chosenBy(world)).toBe("fail; from=rule-1");
    expect((await control(world.app, "DELETE", "sandboxes/world/rules")).status).toBe(204);
    expect(await chosenBy(world)).toBe("succeed; from=configured");
    expect((await control(world.app, "DELETE", "sandboxes/world/rules/rule-1")).body).toMatchObject({
      code: "no-such-rule",
    });
  });

  it("of a sandbox's document are restored by a reset, and other rules are deleted", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "PUT", "sandboxes/world", {
      clock: { mode: "frozen" },
      rules: [{ scenario: "fail", times: 1 }],
    });
    await add(world, { scenario: "stuck", times: 1 });
    expect(
      [await chosenBy(world), await chosenBy(world), await chosenBy(world)].map(
        (text) => text?.toString().split(";")[0],
      ),
    ).toEqual(["stuck", "fail", "succeed"]);
    await control(world.app, "POST", "sandboxes/world/reset");
    expect((await control(world.app, "GET", "sandboxes/world/rules")).body.items).toMatchObject([
      { id: "rule-1", origin: "document", scenario: "fail", hits: 0 },
    ]);
    expect(await chosenBy(world)).toBe("fail; from=rule-1");
  });

  it("of one sandbox do not apply in another sandbox", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "PUT", "sandboxes/elsewhere", {});
    await control(world.app, "POST", "sandboxes/elsewhere/rules", { fault: { status: 500 } });
    expect((await postGeneration(world)).statusCode).toBe(201);
  });

  it.each([
    [
      { when: { vendor: "acne" }, scenario: "fail" },
      "unknown-name",
      'body.when.vendor: no vendor "acne". Did you mean acme?',
    ],
    [{ when: { operation: "createGenration" }, scenario: "fail" }, "unknown-name", "Did you mean createGeneration"],
    [
      { when: { vendor: "acme", operation: "listGenerations" }, fault: "EMPTY_RESPONSE" },
      "unknown-name",
      "operation of acme",
    ],
    [{ scenario: "fial" }, "unknown-name", "Did you mean fail"],
    [{ when: { vendor: "acme" }, scenario: "reject" }, "not-expressible", "acme cannot show"],
    [{ when: { vendor: "acme" }, scenario: "error=NO_SUCH" }, "unknown-name", 'no code "NO_SUCH"'],
    [{ when: { vendor: "acme" }, fault: { error: "slowdown" } }, "unknown-name", "Did you mean slow_down"],
    [{ when: { operation: "getCredits" }, scenario: "fail" }, "never-matches", "requests that create"],
    [
      { when: { operation: "getCredits", method: "POST" }, fault: "EMPTY_RESPONSE" },
      "never-matches",
      "getCredits is GET",
    ],
    [
      { when: { operation: "getCredits", path: "/acme/health" }, fault: "EMPTY_RESPONSE" },
      "never-matches",
      "is at /acme/credits",
    ],
    [{ when: { path: "acme/health" }, fault: "EMPTY_RESPONSE" }, "never-matches", "begins with /"],
    [{ when: { path: "/acme/health?x=1" }, fault: "EMPTY_RESPONSE" }, "never-matches", "without its query"],
    [
      { when: { path: "/acme/jbos/*" }, fault: "EMPTY_RESPONSE" },
      "unknown-name",
      "Did you mean /acme/jobs or /acme/jobs/:id",
    ],
    [{ when: { path: "/acme/jobs/:id" }, scenario: "fail" }, "never-matches", "requests that create"],
    [{ when: { path: "/acme/jobs", method: "GET" }, fault: "EMPTY_RESPONSE" }, "never-matches", "takes POST"],
    [{ when: { account: "mian" }, fault: "EMPTY_RESPONSE" }, "unknown-name", "Did you mean main"],
    [{ when: { generation: "x" }, scenario: "fail" }, "never-matches", "before the generation exists"],
    [{ when: { body: { a: { $gtt: 1 } } }, scenario: "fail" }, "invalid-request", "no operator $gtt"],
    [
      { when: { headers: { "x-a": { $regex: "(" } } }, scenario: "fail" },
      "invalid-request",
      "Invalid regular expression",
    ],
    [{ when: { label: "two words" }, scenario: "fail" }, "invalid-request", "label"],
    [{ scenario: "fail", times: 0 }, "invalid-request", "times"],
    [{ scenario: "fail", probability: 0 }, "invalid-request", "probability"],
    [{ scenario: "fail", fault: "EMPTY_RESPONSE" }, "invalid-request", "either a scenario or a fault"],
    [{}, "invalid-request", "either a scenario or a fault"],
    [{ fault: "EMPTY_RESPONS" }, "invalid-request", "fault"],
    [{ fault: {} }, "invalid-request", "give a kind"],
    [{ fault: { status: 500, kind: "EMPTY_RESPONSE" } }, "invalid-request", "give only one of"],
    [{ fault: { kind: "TRUNCATED_BODY", when: "before" } }, "invalid-request", "needs a reply, so it is always"],
    [{ fault: { redirect: "media", when: "after" } }, "invalid-request", "redirect"],
    [{ fault: { status: 500, bytes: 3 } }, "invalid-request", "bytes is only allowed with TRUNCATED_BODY"],
    [{ fault: { latency: { min: "2s", max: "1s" } } }, "invalid-request", "min is more than max"],
  ])("that can never apply are refused: %j", async (rule, code, detail) => {
    const app = await buildAcmeApp();
    const refused = await control(app, "POST", "sandboxes/default/rules", rule);
    expect(refused).toMatchObject({ status: 400, body: { code } });
    expect(refused.body.detail).toContain(detail);
    expect((await control(app, "GET", "sandboxes/default/rules")).body.items).toEqual([]);
  });

  it("survive a restart with their remaining uses", async () => {
    const { mkdtempSync, rmSync } = await import("node:fs");
    const { join } = await import("node:path");
    const { tmpdir } = await import("node:os");
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-"));
    try {
      const data = join(folder, "data.sqlite");
      const first = await buildAcmeApp({ data });
      await control(first, "POST", "sandboxes/default/rules", { scenario: "fail", times: 2 });
      await first.inject({
        method: "POST",
        url: "/acme/jobs",
        headers: headersOf("default"),
        payload: picture,
      });
      await first.close();
      const second = await buildAcmeApp({ data });
      expect((await control(second, "GET", "sandboxes/default/rules")).body.items).toMatchObject([
        { id: "rule-1", hits: 1, remaining: 1 },
      ]);
      await second.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
