/** Tests that a bundle restores a whole sandbox, and that an unusable bundle changes nothing. */
import { describe, expect, it, vi } from "vitest";
import { bundledTableNames } from "../../../src/store/bundles.ts";
import { openDatabase } from "../../../src/store/database.ts";
import { buildAcmeApp, picture } from "../../support/acme.ts";
import { acme } from "../../support/acme/index.ts";
import { bolt } from "../../support/acme/bolt.ts";
import { keyHeaders, type TestWorld } from "../../support/app.ts";
import { control } from "../../support/control.ts";
import { listenOn } from "../../support/socket.ts";

type World = Pick<TestWorld, "app">;

const call = async ({ app }: World, method: "GET" | "POST", url: string, key: string, payload?: object) => {
  const vendor = url.startsWith("/bolt") ? bolt : acme;
  const headers = keyHeaders(vendor, key);
  return app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
};

/** Fills a sandbox with generations, rules, scenarios and requests, as a test suite does. */
async function run(world: World) {
  await control(world.app, "PUT", "sandboxes/red", {
    now: "2026-11-22T10:00:00Z",
    clock: { mode: "frozen" },
    accounts: { main: { keys: ["a-literal-key"] } },
  });
  await control(world.app, "POST", "sandboxes/red/rules", { scenario: "fail", after: 1, times: 3 });
  await control(world.app, "PUT", "sandboxes/red/scenarios/mine", { extends: "stuck" });
  for (let made = 0; made < 3; made += 1) {
    await call(world, "POST", "/acme/jobs", "acme_fx_red_main", picture);
    await call(world, "POST", "/bolt/tasks", "fx_red_main", {});
    await control(world.app, "POST", "sandboxes/red/clock/advance", { by: "700ms" });
  }
  await control(world.app, "POST", "sandboxes/red/clock/advance", { by: "200ms" });
}

/** Returns the answers that clients and tests get from now on, about old and new generations. */
async function whatFollows(world: World) {
  const seen: unknown[] = [];
  const { items } = (await control(world.app, "GET", "sandboxes/red/generations")).body;
  for (let step = 0; step < 3; step += 1) {
    for (const { id, vendor } of items) {
      const url = vendor === "acme" ? `/acme/jobs/${id}` : "/bolt/tasks";
      const key = vendor === "acme" ? "acme_fx_red_main" : "fx_red_main";
      seen.push((await call(world, "GET", url, key)).json());
    }
    const created = await call(world, "POST", "/acme/jobs", "acme_fx_red_main", {
      ...picture,
      prompt: `${step}`,
    });
    seen.push(created.json(), created.headers["x-acme-credits"], created.headers["x-acme-calls-left"]);
    seen.push(
      created.headers["x-acme-request"],
      (await call(world, "GET", "/acme/nothing", "acme_fx_red_main")).json(),
    );
    seen.push((await call(world, "POST", "/bolt/tasks", "a-literal-key", {})).json());
    seen.push((await control(world.app, "POST", "sandboxes/red/clock/advance", { by: "900ms" })).body);
  }
  for (const part of ["generations", "rules", "scenarios", "accounts", "clock"])
    seen.push((await control(world.app, "GET", `sandboxes/red/${part}`)).body);
  const { items: requests, evicted } = (await control(world.app, "GET", "sandboxes/red/requests")).body;
  seen.push(
    evicted,
    requests.map(({ real: _real, response: _response, ...rest }: Record<string, unknown>) => rest),
  );
  return seen;
}

describe("a bundle", () => {
  it("answers the same when it is restored on another server", async () => {
    const there = { app: await buildAcmeApp() };
    await run(there);
    const saved = (await control(there.app, "GET", "sandboxes/red/bundle")).body;

    const here = { app: await buildAcmeApp() };
    // Rows of other sandboxes take the ids that the saved rows had.
    for (const key of ["acme_fx_else_main", "acme_fx_else_other"]) await call(here, "POST", "/acme/jobs", key, picture);
    const restored = await control(here.app, "PUT", "sandboxes/red/bundle", JSON.parse(JSON.stringify(saved)));
    expect(restored).toMatchObject({ status: 200, body: { name: "red" } });
    const expected = await whatFollows(there);
    expect(await whatFollows(here)).toEqual(expected);
  });

  it("replaces the contents of the sandbox, including generations created after the save", async () => {
    const world = { app: await buildAcmeApp() };
    await run(world);
    const saved = (await control(world.app, "GET", "sandboxes/red/bundle")).body;
    await call(world, "POST", "/acme/jobs", "acme_fx_red_main", picture);
    await control(world.app, "PUT", "sandboxes/red/bundle", saved);
    const again = (await control(world.app, "GET", "sandboxes/red/bundle")).body;
    expect(again.journal).toEqual(saved.journal);
    expect(again.tables.generations.rows).toHaveLength(6);
  });

  it("contains no usable key", async () => {
    const world = { app: await buildAcmeApp() };
    await run(world);
    await call(world, "POST", "/bolt/tasks", "a-literal-key", {});
    const text = (await control(world.app, "GET", "sandboxes/red/bundle")).text;
    // The sandbox's document contains the text that the test wrote.
    expect(text.split("a-literal-key")).toHaveLength(2);
  });

  it("contains every table of a sandbox", () => {
    const connection = openDatabase(undefined);
    const tables = connection
      .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .all()
      .map(({ name }) => name);
    connection.close();
    const ofServer = ["store_facts", "sandboxes", "template", "template_chunks"];
    expect(tables.filter((name) => !ofServer.includes(name)).sort()).toEqual([...bundledTableNames].sort());
  });

  it.each([
    [(saved: object) => ({ ...saved, sandbox: "green" }), 409, "other-sandbox"],
    [(saved: object) => ({ ...saved, schema: 99 }), 400, "bundle-unfit"],
    [(saved: object) => ({ ...saved, format: "zip" }), 400, "invalid-request"],
    [
      (saved: { tables: object }) => ({
        ...saved,
        tables: { ...saved.tables, rules: { columns: ["colour"], rows: [] } },
      }),
      400,
      "bundle-unfit",
    ],
  ])("that does not fit is refused, and the sandbox keeps its contents", async (spoil, status, code) => {
    const world = { app: await buildAcmeApp() };
    await run(world);
    const saved = (await control(world.app, "GET", "sandboxes/red/bundle")).body;
    expect(await control(world.app, "PUT", "sandboxes/red/bundle", spoil(saved))).toMatchObject({
      status,
      body: { code },
    });
    expect((await control(world.app, "GET", "sandboxes/red/bundle")).body).toEqual(saved);
  });

  it("can have its parts in any order, and a row only after its table's columns", async () => {
    const world = { app: await buildAcmeApp() };
    await run(world);
    const saved = (await control(world.app, "GET", "sandboxes/red/bundle")).body;
    const sorted = Object.fromEntries(
      Object.entries<object>(saved)
        .toSorted(([one], [other]) => other.localeCompare(one))
        .map(([key, value]) => [
          key,
          key === "tables" ? Object.fromEntries(Object.entries(value).toReversed()) : value,
        ]),
    );
    expect((await control(world.app, "PUT", "sandboxes/red/bundle", sorted)).status).toBe(200);
    const again = (await control(world.app, "GET", "sandboxes/red/bundle")).body;
    expect(again.tables.generations.rows.map((row: unknown[]) => row[5])).toEqual(
      saved.tables.generations.rows.map((row: unknown[]) => row[5]),
    );
    const text = JSON.stringify(saved).replace('"columns":["id","sandbox_id","name"],"rows":', '"rows":');
    expect(await control(world.app, "PUT", "sandboxes/red/bundle", JSON.parse(text))).toMatchObject({
      status: 400,
      body: { code: "bundle-unfit" },
    });
  });

  it("is refused if another sandbox has one of its keys", async () => {
    const there = { app: await buildAcmeApp() };
    await run(there);
    const saved = (await control(there.app, "GET", "sandboxes/red/bundle")).body;
    const here = await buildAcmeApp();
    await control(here, "PUT", "sandboxes/blue", { accounts: { main: { keys: ["a-literal-key"] } } });
    expect(await control(here, "PUT", "sandboxes/red/bundle", saved)).toMatchObject({
      status: 409,
      body: { code: "key-taken" },
    });
  });
});

/** Returns a bundle with many generations, which no socket takes at once. */
function enlarge(saved: Enlargeable, count: number): Enlargeable {
  const { generations } = saved.tables;
  const [id, publicId] = ["id", "public_id"].map((column) => generations.columns.indexOf(column));
  const [row = []] = generations.rows;
  const rows = Array.from({ length: count }, (_, index) =>
    row.map((value, at) => (at === id ? index + 1 : at === publicId ? `job_${index}` : value)),
  );
  const none = { columns: [], rows: [] };
  return { ...saved, tables: { ...saved.tables, generations: { ...generations, rows }, outputs: none } };
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

interface Enlargeable {
  readonly tables: Readonly<Record<string, Table>> & { readonly generations: Table };
}

describe("a large bundle on a connection", () => {
  const MANY = 10_000;

  async function prepare() {
    const app = await buildAcmeApp();
    await run({ app });
    const saved = enlarge((await control(app, "GET", "sandboxes/red/bundle")).body, MANY);
    expect(await control(app, "PUT", "sandboxes/red/bundle", saved)).toMatchObject({ status: 200 });
    const url = `${await listenOn(app)}/_fauxgen/sandboxes/red/bundle`;
    return { app, url, saved };
  }

  const snapshotBytes = async (app: World["app"]): Promise<number> =>
    (await control(app, "GET", "ready")).body.memory.by.snapshots;

  it("shows one instant, although the sandbox is changed and reset while it is read", async () => {
    const { app, url } = await prepare();
    const expected = (await control(app, "GET", "sandboxes/red/bundle")).body;
    const response = await fetch(url);
    await control(app, "POST", "sandboxes/red/clock/advance", { by: "1h" });
    await call({ app }, "POST", "/acme/jobs", "acme_fx_red_main", picture);
    await control(app, "DELETE", "sandboxes/red/rules/rule-1");
    expect(await snapshotBytes(app)).toBeGreaterThan(0);
    await control(app, "POST", "sandboxes/red/reset");
    expect((await control(app, "GET", "sandboxes/red/generations")).body.total).toBe(0);
    expect(await response.json()).toEqual(expected);
    expect(await snapshotBytes(app)).toBe(0);
  });

  it("ends when its reader goes away, so that others can be saved", async () => {
    const { app, url } = await prepare();
    for (let round = 0; round < 3; round += 1) {
      const abort = new AbortController();
      const begun = await Promise.all(Array.from({ length: 8 }, () => fetch(url, { signal: abort.signal })));
      expect(begun.map(({ status }) => status)).toEqual(Array(8).fill(200));
      expect(await control(app, "GET", "sandboxes/red/bundle")).toMatchObject({
        status: 429,
        body: { code: "too-many-saves" },
      });
      abort.abort();
      await vi.waitFor(async () => {
        expect((await control(app, "GET", "sandboxes/red/bundle")).status).toBe(200);
      }, 10_000);
    }
    await call({ app }, "POST", "/acme/jobs", "acme_fx_red_main", picture);
    expect(await snapshotBytes(app)).toBe(0);
  });

  it("leaves nothing behind when its sender goes away or breaks off its JSON", async () => {
    const { app, url, saved } = await prepare();
    const before = (await control(app, "GET", "sandboxes/red/bundle")).body;
    const text = JSON.stringify(saved);
    const abort = new AbortController();
    const parts = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(Buffer.from(text.slice(0, text.length / 2)));
      },
    });
    const sent = fetch(url, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: parts,
      duplex: "half",
      signal: abort.signal,
    });
    setImmediate(() => {
      abort.abort();
    });
    await expect(sent).rejects.toThrow();
    const broken = await fetch(url, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: text.slice(0, -10),
    });
    expect([broken.status, await broken.json()]).toMatchObject([400, { code: "bad-request" }]);
    expect((await control(app, "GET", "sandboxes/red/bundle")).body).toEqual(before);
  });

  it("is bound by the limits of uploads and generations, and not by --max-body-bytes", async () => {
    const { app, saved } = await prepare();
    const tight = await buildAcmeApp({ maxBodyBytes: 1024, maxGenerations: MANY });
    expect(await control(tight, "PUT", "sandboxes/red/bundle", saved)).toMatchObject({ status: 200 });
    expect(await control(tight, "PUT", "sandboxes/red/bundle", enlarge(saved, MANY + 1))).toMatchObject({
      status: 429,
      body: { code: "too-many-generations" },
    });
    const { columns } = saved.tables["upload_chunks"] ?? { columns: [] };
    await control(app, "PUT", "sandboxes/red", { uploadLimits: { total: 1000 } });
    const rows = [columns.map((column) => (column === "bytes" ? { base64: "A".repeat(1400) } : 0))];
    const tooLarge = { ...saved, tables: { ...saved.tables, upload_chunks: { columns, rows } } };
    expect(await control(app, "PUT", "sandboxes/red/bundle", tooLarge)).toMatchObject({
      status: 413,
      body: { code: "too-large" },
    });
  });
});

describe("the report of a sandbox", () => {
  it("lists past and planned events in at most 40 lines", async () => {
    const world = { app: await buildAcmeApp() };
    await run(world);
    for (let sent = 0; sent < 20; sent += 1) {
      await call(world, "GET", "/acme/credits", "acme_fx_red_main");
      await control(world.app, "POST", "sandboxes/red/rules", { when: { account: "broke" }, fault: { status: 500 } });
      await call(world, "POST", "/acme/jobs", "acme_fx_red_main", picture);
      await world.app.inject({ method: "GET", url: "/acme/nothing" });
    }
    const { text, headers } = await control(world.app, "GET", "sandboxes/red/report?format=text");
    expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
    const lines = text.trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(200);
    expect(lines[0]).toMatch(/^sandbox red: clock frozen at 2026-11-22T10:00:02\.300Z, next due 2026-11-22T10:00:02\./);
    expect(text).toContain("queued (succeed by configured), next at 2026-11-22T10:00:02.800Z");
    expect(text).toContain('when {"account":"broke"} then STATUS 500 (before)');
    expect(text).toContain("GET /acme/credits -> 200 (by main)");
    expect(text).toContain("GET /acme/nothing: no-sandbox");
  });

  it("lists held requests and what will end them, in text and as data", async () => {
    const world = { app: await buildAcmeApp() };
    await run(world);
    const { items } = (await control(world.app, "GET", "sandboxes/red/generations?vendor=acme")).body;
    const { id } = items[items.length - 1];
    const asked = call(world, "GET", `/acme/jobs/${id}?wait=true&timeout=20`, "acme_fx_red_main");
    await control(world.app, "GET", "sandboxes/red/waiters?count=1&within=5s");
    const { body } = await control(world.app, "GET", "sandboxes/red/report");
    expect(body.heldRequests).toMatchObject([
      {
        kind: "end",
        vendor: "acme",
        generation: id,
        endedBy: "the generation's end, or the clock at 2026-11-22T10:00:22.300Z",
      },
    ]);
    await control(world.app, "POST", "sandboxes/red/reset");
    await asked;
  });
});
