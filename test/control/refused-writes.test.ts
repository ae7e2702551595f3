/**
 * Tests that a control request that the store refuses is stored completely or not at all, at whichever of its commits the
 * store refuses: memory and the file show the state from before, or the answer says how far the request came.
 */
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FileGone, FileIdentity } from "../../src/store/file-identity.ts";
import { buildAcmeApp, headersOf, picture } from "../support/acme.ts";
import { control } from "../support/control.ts";
import { makeFolder } from "../store/version-files.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Refuses the commit with this number and all later ones, until the returned function is called. */
function refuseFrom(first: number): () => void {
  let commits = 0;
  const check = vi.spyOn(FileIdentity.prototype, "check").mockImplementation(() => {
    commits += 1;
    if (commits >= first) throw new FileGone("The disk is full.");
  });
  return () => {
    check.mockRestore();
  };
}

const SHOWN = ["", "/generations", "/rules", "/scenarios", "/accounts", "/webhooks/deliveries", "/webhooks/endpoints"];

/** Everything that control shows of the sandbox, without its counted requests. */
async function shownBy(app: FastifyInstance): Promise<unknown[]> {
  const shown: unknown[] = [];
  for (const part of [...SHOWN, "/clock"]) {
    const { status, body } = await control(app, "GET", `sandboxes/world${part}`);
    shown.push([part, status, body]);
  }
  return shown;
}

/** A sandbox on a frozen clock with three jobs: the first has ended, the second runs and the third is held. */
async function makeWorld(app: FastifyInstance): Promise<{ ended: string; running: string; held: string }> {
  const call = async (method: "PUT" | "POST", path: string, body: unknown) => {
    const { status, text } = await control(app, method, `sandboxes/world${path}`, body);
    if (status >= 400) throw new Error(text);
  };
  const create = async (): Promise<string> => {
    const headers = headersOf("world");
    return (await app.inject({ method: "POST", url: "/acme/jobs", headers, payload: picture })).json<{ id: string }>()
      .id;
  };
  await call("PUT", "", {
    now: "2026-11-22T10:00:00Z",
    clock: { mode: "frozen" },
    webhooks: { mode: "collect" },
    timing: { queued: "10s", processing: "20s" },
    rules: [{ when: { vendor: "bolt" }, scenario: "fail" }],
    accounts: { team: {} },
  });
  await call("POST", "/webhooks/endpoints", { vendor: "acme", url: "http://127.0.0.1:9/listed" });
  await call("POST", "/rules", { when: { vendor: "acme", operation: "getCredits" }, fault: { status: 500 } });
  await call("PUT", "/scenarios/mine", { extends: "stuck" });
  const ended = await create();
  await call("POST", "/clock/advance", { by: "30s" });
  const running = await create();
  await call("POST", "/clock/advance", { by: "10s" });
  const held = await create();
  await call("POST", `/generations/${held}/hold`, {});
  return { ended, running, held };
}

type Change = readonly [
  what: string,
  method: "POST" | "PUT" | "DELETE" | "PATCH",
  path: (ids: Readonly<Record<"ended" | "running" | "held", string>>) => string,
  body?: unknown,
];

const changes: readonly Change[] = [
  ["finish", "POST", ({ running }) => `/generations/${running}/finish`, {}],
  ["finish of a held job", "POST", ({ held }) => `/generations/${held}/finish`, {}],
  ["failure", "POST", ({ running }) => `/generations/${running}/fail`, {}],
  ["hold", "POST", ({ running }) => `/generations/${running}/hold`, {}],
  ["release", "POST", ({ held }) => `/generations/${held}/release`, {}],
  ["progress", "POST", ({ running }) => `/generations/${running}/progress`, { percent: 42 }],
  ["direct create in its last phase", "POST", () => "/generations", { vendor: "acme", phase: "succeeded" }],
  ["new time", "PUT", () => "/clock", { now: "2026-11-22T12:00:00Z" }],
  ["new rate and mode", "PUT", () => "/clock", { rate: 3, mode: "frozen" }],
  ["rule", "POST", () => "/rules", { when: { vendor: "acme" }, scenario: "fail" }],
  ["deletion of the rules", "DELETE", () => "/rules"],
  ["scenario", "PUT", () => "/scenarios/other", { extends: "stuck" }],
  ["deletion of a scenario", "DELETE", () => "/scenarios/mine"],
  ["account", "PUT", () => "/accounts/fresh", {}],
  ["key", "POST", () => "/accounts/team/keys", { key: "literal-key-of-team" }],
  ["endpoint", "POST", () => "/webhooks/endpoints", { vendor: "acme", url: "http://127.0.0.1:9/more" }],
  ["delivery mode", "PUT", () => "/webhooks/mode", { mode: "deliver" }],
  ["document", "PUT", () => "", { seed: "9", rules: [{ when: {}, scenario: "fail" }], accounts: { more: {} } }],
  ["reset", "POST", () => "/reset"],
  ["deletion", "DELETE", () => ""],
];

/** The most commits of one request here; the loop ends at the first number that no request reaches. */
const MOST_COMMITS = 40;

describe("when the store refuses a commit,", () => {
  it.each(changes.map(([what, method, path, body]) => ({ what, method, path, body })))(
    "a refused $what leaves memory and the file as they were",
    { timeout: 60_000 },
    async ({ method, path, body }) => {
      let refusals = 0;
      for (let first = 1; first <= MOST_COMMITS; first += 1) {
        const data = join(makeFolder(), "data.db");
        const app = await buildAcmeApp({ data });
        const ids = await makeWorld(app);
        const before = await shownBy(app);
        const makeRoom = refuseFrom(first);
        const answer = await control(app, method, `sandboxes/world${path(ids)}`, body);
        makeRoom();
        const isRefused = answer.status === 503;
        const after = await shownBy(app);
        if (isRefused) expect([first, after]).toEqual([first, before]);
        else expect([first, answer.status]).toEqual([first, expect.toSatisfy((status: number) => status < 300)]);
        await app.close();
        const again = await buildAcmeApp({ data });
        expect([first, await shownBy(again)]).toEqual([first, after]);
        await again.close();
        if (!isRefused) break;
        refusals += 1;
      }
      expect(refusals).toBeGreaterThan(0);
      expect(refusals).toBeLessThan(MOST_COMMITS);
    },
  );

  it("an advance says to which instant it came, and the clock stands there in memory and in the file", async () => {
    const came: string[] = [];
    for (let first = 1; first <= MOST_COMMITS; first += 1) {
      const data = join(makeFolder(), "data.db");
      const app = await buildAcmeApp({ data });
      const { held, running } = await makeWorld(app);
      await control(app, "POST", `sandboxes/world/generations/${held}/release`, {});
      const makeRoom = refuseFrom(first);
      const answer = await control(app, "POST", "sandboxes/world/clock/advance", { by: "1h" });
      makeRoom();
      if (answer.status === 200) break;
      expect(answer).toMatchObject({ status: 503, body: { code: "not-ready" } });
      const { now, fired } = answer.body.advanced as { now: string; fired: { id: string; at: string }[] };
      expect(answer.body.detail).toContain(`The clock came to ${now}`);
      for (const server of [app, undefined]) {
        if (server === undefined) await app.close();
        const shown = server ?? (await buildAcmeApp({ data }));
        expect((await control(shown, "GET", "sandboxes/world/clock")).body).toMatchObject({ now, mode: "frozen" });
        const { items } = (await control(shown, "GET", "sandboxes/world/generations")).body as {
          items: { id: string; phase: string; timeline: { steps: { phase: string; at: string }[] } }[];
        };
        for (const { id, phase, timeline } of items)
          expect([id, phase]).toEqual([id, timeline.steps.filter(({ at }) => at <= now).at(-1)?.phase]);
        const ended = items.filter(({ id, phase }) => id === running && phase === "succeeded").length;
        expect(fired.filter(({ id }) => id === running)).toHaveLength(ended);
        const delivered = (await control(shown, "GET", "sandboxes/world/webhooks/deliveries")).body as {
          items: { subject: string }[];
        };
        expect(delivered.items.filter(({ subject }) => subject === running)).toHaveLength(ended);
        if (server === undefined) await shown.close();
      }
      came.push(now);
    }
    expect(new Set(came).size).toBeGreaterThan(2);
    expect(came.toSorted()).toEqual(came);
  });

  it("nothing is told of a change that is not stored", async () => {
    const app = await buildAcmeApp({ data: join(makeFolder(), "data.db") });
    const { running } = await makeWorld(app);
    const sandbox = app.httpContext.sandboxes.obtain("world");
    const told: string[] = [];
    sandbox.events.follow(({ kind }) => told.push(kind));
    let isReleased = false;
    const generation = sandbox.generations.find("acme", running);
    if (generation === undefined) throw new Error("The job is lost.");
    const { vendor, id, rowId, label, account } = generation;
    sandbox.heldRequests.hold(
      { vendor, generationId: id, rowId, label, account },
      sandbox.clock.now(),
      undefined,
      () => {
        isReleased = true;
      },
    );
    told.length = 0;
    const makeRoom = refuseFrom(1);
    expect((await control(app, "POST", `sandboxes/world/generations/${running}/finish`)).status).toBe(503);
    expect((await control(app, "POST", "sandboxes/world/generations", { vendor: "acme" })).status).toBe(503);
    expect((await control(app, "PUT", "sandboxes/world/clock", { now: "2026-11-22T12:00:00Z" })).status).toBe(503);
    makeRoom();
    expect({ told, isReleased }).toEqual({ told: [], isReleased: false });
    expect((await control(app, "POST", `sandboxes/world/generations/${running}/finish`)).status).toBe(200);
    expect(isReleased).toBe(true);
    expect(told).toContain("generation.transition");
  });
});

describe("when the store refuses a commit of a template,", () => {
  const first = {
    rules: [{ when: { vendor: "acme" }, scenario: "fail" }],
    accounts: { main: { vendors: { acme: { credits: 70 } } }, crew: { keys: ["literal-key-of-crew"] } },
  };
  const second = {
    rules: [{ when: { vendor: "bolt" }, scenario: "stuck" }],
    accounts: {
      main: { vendors: { acme: { credits: 7 } }, endpoints: { acme: [{ url: "http://127.0.0.1:9/of-all" }] } },
      band: { keys: ["literal-key-of-band"] },
    },
    scenarios: { slow: { extends: "stuck" } },
    media: { "image.jpg": Buffer.from("\u00ff\u00d8\u00ffours", "latin1").toString("base64") },
  };
  const names = ["default", "other", "world"];

  /** Everything that control shows of all sandboxes and of the template. */
  async function allShownBy(app: FastifyInstance): Promise<unknown[]> {
    const shown: unknown[] = [(await control(app, "GET", "template")).body];
    for (const name of names)
      for (const part of SHOWN) shown.push([name, part, (await control(app, "GET", `sandboxes/${name}${part}`)).body]);
    return shown;
  }

  it.each([
    ["a change", "PUT", second],
    ["a deletion", "DELETE", undefined],
  ] as const)("%s is made in all sandboxes or in none, in memory and in the file", async (_, method, body) => {
    let refusals = 0;
    for (let commit = 1; commit <= MOST_COMMITS; commit += 1) {
      const data = join(makeFolder(), "data.db");
      const app = await buildAcmeApp({ data });
      const frozen = { now: "2026-11-22T10:00:00Z", clock: { mode: "frozen" } };
      for (const name of ["default", "other"]) await control(app, "PUT", `sandboxes/${name}`, frozen);
      await control(app, "POST", "sandboxes/default/reset");
      await makeWorld(app);
      expect((await control(app, "PUT", "template", first)).status).toBe(200);
      await app.inject({ method: "POST", url: "/acme/jobs", headers: headersOf("world"), payload: picture });
      const before = await allShownBy(app);
      const makeRoom = refuseFrom(commit);
      const { status } = await control(app, method, "template", body);
      makeRoom();
      const after = await allShownBy(app);
      if (status === 503) expect([commit, after]).toEqual([commit, before]);
      else expect([commit, status < 300, after]).not.toEqual([commit, true, before]);
      await app.close();
      const again = await buildAcmeApp({ data });
      expect([commit, await allShownBy(again)]).toEqual([commit, after]);
      expect((await control(again, method, "template", body)).status).toBeLessThan(300);
      await again.close();
      if (status !== 503) break;
      refusals += 1;
    }
    expect(refusals).toBeGreaterThan(0);
    expect(refusals).toBeLessThan(MOST_COMMITS);
  });
});
