/** Tests the scenarios that a test writes itself. */
import { describe, expect, it } from "vitest";
import {
  buildAcmeWorld,
  createGeneration,
  headersOf,
  picture,
  postGeneration,
  postGenerationTo,
  readGeneration,
} from "../../support/acme.ts";
import type { TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { listenOn } from "../../support/socket.ts";

const put = async (world: TestWorld, name: string, document: object) =>
  control(world.app, "PUT", `sandboxes/world/scenarios/${name}`, document);

/** Creates a generation with a scenario header, and returns its id. */
const createAs = async (world: TestWorld, scenario: string, body: object = picture) =>
  createGeneration(world, body, { headers: { "x-fauxgen-scenario": scenario } });

describe("an unknown error code", () => {
  it.each([
    ["error=slow_dwn", 'acme has no error "slow_dwn". Did you mean slow_down?'],
    [
      "read-error=qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
      /has no error "q+"\. It has: (?:\w+, ){4}\w+ and \d+ more\.$/,
    ],
  ])("in the scenario %s gets a diagnostic with a few of the vendor's codes", async (scenario, said) => {
    const world = await buildAcmeWorld();
    const headers = { "x-fauxgen-scenario": scenario };
    await postGeneration(world, picture, { headers });
    const { items } = (await control(world.app, "GET", "sandboxes/world/requests")).body;
    expect(items[0].diagnostics).toEqual([
      {
        code: "ERROR_CODE_UNKNOWN",
        text: typeof said === "string" ? said : expect.stringMatching(said),
      },
    ]);
  });
});

describe("a custom scenario", () => {
  it("can set phases, an end, a code, a message and a cost", async () => {
    const world = await buildAcmeWorld();
    await put(world, "out-of-paint", {
      extends: "fail",
      phases: { queued: "1m", processing: "10m" },
      code: "out_of_paint",
      message: "The painter is out of blue.",
    });
    const id = await createAs(world, "out-of-paint");
    await world.advance("10m");
    expect((await readGeneration(world, id)).json()).toMatchObject({ state: "drawing" });
    await world.advance("1m");
    expect((await readGeneration(world, id)).json()).toMatchObject({
      code: "out_of_paint",
      message: "The painter is out of blue.",
    });
    await put(world, "cheap", { cost: 7 });
    const cheap = await createAs(world, "cheap");
    await world.advance("1m");
    expect((await readGeneration(world, cheap)).json()).toMatchObject({ state: "done", cost: 7 });
  });

  it("can be written in YAML", async () => {
    const world = await buildAcmeWorld();
    const answer = await world.app.inject({
      method: "PUT",
      url: "/_fauxgen/sandboxes/world/scenarios/slow-fail",
      headers: { "content-type": "application/yaml" },
      payload: "summary: Takes its time\nextends: fail # with the vendor's usual code\nphases:\n  processing: 2m\n",
    });
    expect(answer.json()).toMatchObject({
      name: "slow-fail",
      origin: "sandbox",
      summary: "Takes its time",
      recipe: { ends: "failed", durations: { processing: 120_000 } },
    });
    const broken = await world.app.inject({
      method: "PUT",
      url: "/_fauxgen/sandboxes/world/scenarios/broken",
      headers: { "content-type": "application/yaml" },
      payload: "phases: [",
    });
    expect(broken).toMatchObject({ statusCode: 400 });
  });

  it("can set a result and a time for each output", async () => {
    const world = await buildAcmeWorld();
    await put(world, "one-early", {
      phases: { queued: 0, processing: "1m" },
      outputs: [
        { result: "succeeded", lead: "30s" },
        { result: "failed", code: "smudged" },
      ],
    });
    const id = await createAs(world, "one-early", { ...picture, count: 3 });
    const states = async () =>
      (await control(world.app, "GET", `sandboxes/world/generations/${id}`)).body.outputs.map(
        ({ state, failure }: { state: string; failure: { code: string } | null }) => failure?.code ?? state,
      );
    await world.advance("40s");
    expect((await states())[0]).toBe("succeeded");
    await world.advance("20s");
    expect(await states()).toEqual(["succeeded", "smudged", "smudged"]);
    expect((await readGeneration(world, id)).json<{ urls: string[] }>().urls).toHaveLength(1);
  });

  it("can set the curve of the progress", async () => {
    const world = await buildAcmeWorld();
    await put(world, "stalls", { phases: { queued: "10s", processing: "100s" }, progress: [0, 80, 80, 90] });
    const id = await createAs(world, "stalls");
    const progress = async () => (await control(world.app, "GET", `sandboxes/world/generations/${id}`)).body.progress;
    const seen = [];
    for (let step = 0; step < 8; step += 1) {
      seen.push(await progress());
      await world.advance("17s");
    }
    expect(seen).toEqual([0, 16, 57, 80, 80, 82, 87, 100]);
  });

  it("can progress by status reads, or wait for a release", async () => {
    const world = await buildAcmeWorld();
    const id = await createAs(world, "second-poll");
    const seen = [];
    for (let reads = 0; reads < 5; reads += 1)
      seen.push((await readGeneration(world, id)).json<{ state: string }>().state);
    expect(seen).toEqual(["waiting", "waiting", "drawing", "drawing", "done"]);
    const held = await createAs(world, "stuck-in-queue");
    await world.advance("1h");
    expect((await readGeneration(world, held)).json()).toMatchObject({ state: "waiting" });
  });

  it("inherits failing reads and refused creates from the scenario that it extends", async () => {
    const world = await buildAcmeWorld();
    await put(world, "unreadable", { extends: "read-error", code: "unavailable" });
    const id = await createAs(world, "unreadable");
    expect((await readGeneration(world, id)).json()).toMatchObject({ code: "unavailable" });
    await put(world, "refused", { extends: "error", code: "no_credits" });
    const refused = await postGeneration(world, { ...picture, prompt: "fauxgen:refused" });
    expect(refused.json()).toMatchObject({ code: "no_credits" });
  });

  it("applies its faults only to requests about its own generations", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const [flaky, other] = [await createAs(world, "flaky-network"), await createAs(world, "succeed")];
    const status = async (id: string) =>
      fetch(`${origin}/acme/jobs/${id}`, { headers: headersOf("world") }).then(
        (answer) => answer.status,
        () => "reset",
      );
    const seen = [];
    for (let reads = 0; reads < 4; reads += 1) seen.push(await status(flaky));
    expect(seen).toEqual(["reset", "reset", 500, 200]);
    expect(await status(other)).toBe(200);
    expect((await control(world.app, "GET", "sandboxes/world/rules")).body.items).toEqual([]);
  });

  it("can lose the answer of the create while the job exists", async () => {
    const world = await buildAcmeWorld();
    const origin = await listenOn(world.app);
    const asked = postGenerationTo(origin, { ...headersOf("world"), "x-fauxgen-scenario": "lost-answer" });
    await expect(asked).rejects.toThrow("fetch failed");
    const { items } = (await control(world.app, "GET", "sandboxes/world/requests?operation=createGeneration")).body;
    expect(items).toMatchObject([{ state: "dropped", fault: "CONNECTION_RESET_BY_PEER (after)" }]);
    expect((await control(world.app, "GET", "sandboxes/world/generations")).body.items).toMatchObject([
      { id: items[0].generations[0] },
    ]);
  });

  it("is deleted by a reset, unless the sandbox's document has it", async () => {
    const world = await buildAcmeWorld();
    await put(world, "mine", { extends: "fail" });
    await control(world.app, "PUT", "sandboxes/world", {
      clock: { mode: "frozen" },
      scenarios: { "theirs-too": { extends: "theirs" }, theirs: { extends: "stuck" } },
      scenario: "theirs-too",
      rules: [{ scenario: "theirs", times: 1 }],
    });
    const names = async () =>
      (await control(world.app, "GET", "sandboxes/world/scenarios")).body.items
        .filter(({ origin }: { origin: string }) => origin === "sandbox")
        .map(({ name }: { name: string }) => name);
    expect((await names()).sort()).toEqual(["mine", "theirs", "theirs-too"]);
    await control(world.app, "POST", "sandboxes/world/reset");
    expect((await names()).sort()).toEqual(["theirs", "theirs-too"]);
    expect((await control(world.app, "GET", "sandboxes/world/scenarios/mine")).body).toMatchObject({
      code: "no-such-scenario",
    });
  });

  it("exists only in its sandbox", async () => {
    const world = await buildAcmeWorld();
    await control(world.app, "PUT", "sandboxes/elsewhere", {});
    await put(world, "mine", { extends: "fail" });
    expect((await control(world.app, "GET", "sandboxes/elsewhere/scenarios/mine")).status).toBe(404);
    expect((await control(world.app, "DELETE", "sandboxes/world/scenarios/mine")).status).toBe(204);
    expect((await control(world.app, "DELETE", "sandboxes/world/scenarios/succeed")).status).toBe(400);
  });

  it.each([
    [{ extends: "sucess" }, "unknown-name", "Did you mean succeed"],
    [{ ends: "never", outputs: "sideways" }, "invalid-request", "outputs"],
    [{ phases: { queued: "soon" } }, "invalid-request", "phases.queued"],
    [{ phase: {} }, "invalid-request", "phase"],
    [{ faults: [{ operation: "getGenerations", fault: "EMPTY_RESPONSE" }] }, "unknown-name", "body.faults.0.operation"],
    [{ faults: [{ fault: { error: "NO_SUCH_CODE_ANYWHERE" } }] }, "unknown-name", "body.faults.0.fault.error"],
    [{ progress: [101, 3] }, "invalid-request", "progress"],
  ])("is refused if it is %j", async (document, code, detail) => {
    const world = await buildAcmeWorld();
    const refused = await put(world, "mine", document);
    expect(refused).toMatchObject({ status: 400, body: { code } });
    expect(refused.body.detail).toContain(detail);
  });
});
