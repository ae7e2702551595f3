/**
 * Tests that a damaged row of the --data file breaks only its own sandbox, and that a damaged bundle changes nothing.
 */
import { join } from "node:path";
import Database from "better-sqlite3";
import type { FastifyInstance } from "fastify";
import { describe, expect, it } from "vitest";
import { control } from "../../support/control.ts";
import { buildAcmeApp, headersOf, picture } from "../../support/acme.ts";
import { makeFolder } from "../../store/version-files.ts";

const create = (app: FastifyInstance, sandbox: string, body: object = picture) =>
  app.inject({ method: "POST", url: "/acme/jobs", headers: headersOf(sandbox), payload: body });

/** Fills a sandbox with a row of every kind that has a document. */
async function fill(app: FastifyInstance, name: string): Promise<void> {
  const call = async (method: "PUT" | "POST", path: string, body: unknown) => {
    const { status, text } = await control(app, method, `sandboxes/${name}${path}`, body);
    if (status >= 400) throw new Error(text);
  };
  await call("PUT", "", { now: "2026-11-22T10:00:00Z", clock: { mode: "frozen" }, webhooks: { mode: "collect" } });
  await call("POST", "/webhooks/endpoints", { vendor: "acme", url: "http://127.0.0.1:9/listed" });
  await create(app, name);
  await call("POST", "/clock/advance", { by: "1h" });
  await create(app, name);
  await call("POST", "/rules", { when: { vendor: "bolt" }, scenario: "fail" });
  await call("PUT", "/scenarios/mine", { extends: "stuck" });
}

/** Changes the rows of one table that are in the sandbox `hurt`. */
function damage(file: string, table: string, column: string, value: string): void {
  const wheres: Record<string, string> = {
    sandboxes: "id = ?",
    account_states: "account_id IN (SELECT id FROM accounts WHERE sandbox_id = ?)",
  };
  const database = new Database(file);
  const id = database.prepare<[], number>("SELECT id FROM sandboxes WHERE name = 'hurt'").pluck().get();
  const where = wheres[table] ?? "sandbox_id = ?";
  const { changes } = database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(value, id);
  database.close();
  if (changes === 0) throw new Error(`There are no rows in ${table}.`);
}

describe("a damaged row", () => {
  it.each(
    [
      ["sandboxes", "document", "{"],
      ["sandboxes", "document", '{"when":5}'],
      ["sandboxes", "clock", "{"],
      ["sandboxes", "clock", '{"mode":"running","rate":0,"virtualAnchor":1,"wallAnchor":1}'],
      ["rules", "document", "{"],
      ["rules", "document", '{"when":5}'],
      ["rules", "public_id", "rule-x"],
      ["generations", "timeline", "{"],
      ["generations", "timeline", '{"steps":[],"open":[]}'],
      ["generations", "timeline", "null"],
      ["generations", "document", "[]"],
      ["generations", "phase", "lost"],
      ["generations", "created_at", "-4611686018427387904"],
      ["generations", "next_at", "4611686018427387904"],
      ["sandboxes", "latest", "4611686018427387904"],
      ["deliveries", "document", "{"],
      ["deliveries", "url", "not a url"],
      ["deliveries", "url", "http://"],
      ["deliveries", "created_at", "4611686018427387904"],
      ["resources", "document", '{"url":"x","secret":"s"}'],
      ["resources", "document", "7"],
      ["scenarios", "document", '{"extends":5}'],
      ["account_states", "state", "[1]"],
    ].flatMap(([table = "", column = "", value = ""]) =>
      ["reset", "deletion"].map((cure) => ({ table, column, value, cure })),
    ),
  )("in $table ($column: $value) affects only its sandbox, until a $cure", async ({ table, column, value, cure }) => {
    const file = join(makeFolder(), "data.db");
    const before = await buildAcmeApp({ data: file });
    for (const name of ["hurt", "sound"]) await fill(before, name);
    await before.close();
    damage(file, table, column, value);

    const app = await buildAcmeApp({ data: file });
    // What the damaged sandbox had planned falls due.
    await control(app, "POST", "sandboxes/hurt/clock/advance", { by: "1h" });
    expect((await create(app, "sound")).statusCode).toBe(201);
    expect((await control(app, "POST", "sandboxes/sound/clock/advance", { by: "1h" })).status).toBe(200);
    expect((await control(app, "GET", "sandboxes")).status).toBe(200);

    const answers = [];
    for (const part of [
      "",
      "/generations",
      "/rules",
      "/scenarios",
      "/accounts",
      "/webhooks/deliveries",
      "/webhooks/endpoints",
    ])
      answers.push(await control(app, "GET", `sandboxes/hurt${part}`));
    const told = answers.filter(({ status }) => status >= 400).map(({ status, body }) => ({ status, body }));
    expect(told.length).toBeGreaterThan(0);
    for (const each of told)
      expect(each).toMatchObject({ status: 500, body: { code: "sandbox-damaged", table, detail: expect.any(String) } });
    const read = await app.inject({ method: "GET", url: "/acme/credits", headers: headersOf("hurt") });
    if (read.statusCode !== 200) {
      expect(read.json()).toHaveProperty("code");
      expect(read.headers["x-fauxgen-diagnostic"]).toContain(`ROW_UNREADABLE: Row`);
    }

    if (cure === "reset") expect((await control(app, "POST", "sandboxes/hurt/reset")).status).toBe(200);
    else expect((await control(app, "DELETE", "sandboxes/hurt")).status).toBe(204);
    await fill(app, "hurt");
    for (const part of ["", "/generations", "/rules", "/scenarios", "/accounts", "/webhooks/deliveries", "/bundle"])
      expect((await control(app, "GET", `sandboxes/hurt${part}`)).status).toBe(200);
    await app.close();
    const again = await buildAcmeApp({ data: file });
    expect((await control(again, "GET", "sandboxes/hurt")).status).toBe(200);
  });
});

describe("a damaged row that no request met", () => {
  /** Fills a sandbox, closes the server, changes the file, and starts the server again. */
  async function restartAfter(change: (file: string) => void): Promise<FastifyInstance> {
    const file = join(makeFolder(), "data.db");
    const before = await buildAcmeApp({ data: file });
    for (const name of ["hurt", "sound"]) await fill(before, name);
    await before.close();
    change(file);
    return buildAcmeApp({ data: file });
  }

  const inOutputs = (file: string): void => {
    const database = new Database(file);
    database
      .prepare(
        `INSERT INTO outputs (sandbox_id, vendor, public_id, generation_row)
         SELECT sandbox_id, vendor, 'stray', id FROM generations WHERE sandbox_id =
         (SELECT id FROM sandboxes WHERE name = 'hurt') LIMIT 1`,
      )
      .run();
    database.close();
  };

  it.each<[string, (file: string) => void]>([
    ["generations", (file) => damage(file, "generations", "timeline", "{")],
    ["generations", (file) => damage(file, "generations", "document", '{"model":5}')],
    ["generations", (file) => damage(file, "generations", "next_at", "1")],
    ["rules", (file) => damage(file, "rules", "document", "7")],
    ["deliveries", (file) => damage(file, "deliveries", "document", "{")],
    ["resources", (file) => damage(file, "resources", "document", '{"url":5}')],
    ["resources", (file) => damage(file, "resources", "kind", "heirloom")],
    ["scenarios", (file) => damage(file, "scenarios", "document", '{"extends":5}')],
    ["account_states", (file) => damage(file, "account_states", "state", "[1]")],
    ["outputs", inOutputs],
  ])("in %s is named by the first GET of its sandbox and of its report (case %#)", async (table, change) => {
    for (const part of ["", "/report"]) {
      const app = await restartAfter(change);
      const first = await control(app, "GET", `sandboxes/hurt${part}`);
      expect(first).toMatchObject({ status: 500, body: { code: "sandbox-damaged", table, row: expect.any(String) } });
      expect((await control(app, "GET", "sandboxes")).body.items).toContainEqual(
        expect.objectContaining({ name: "hurt", damage: expect.stringContaining(` of ${table} cannot be read`) }),
      );
      expect((await control(app, "GET", `sandboxes/sound${part}`)).status).toBe(200);
      expect((await control(app, "POST", "sandboxes/hurt/reset")).status).toBe(200);
      expect((await control(app, "GET", `sandboxes/hurt${part}`)).status).toBe(200);
      await app.close();
    }
  });

  it("is not seen in generations that were steered in every way", async () => {
    const file = join(makeFolder(), "data.db");
    const before = await buildAcmeApp({ data: file });
    await fill(before, "steered");
    const ids: string[] = [];
    for (let made = 0; made < 7; made += 1) ids.push((await create(before, "steered")).json<{ id: string }>().id);
    const steer = async (index: number, step: string, body: object = {}) => {
      const { status, text } = await control(
        before,
        "POST",
        `sandboxes/steered/generations/${ids[index]}/${step}`,
        body,
      );
      expect(status, text).toBe(200);
    };
    await steer(0, "hold");
    await steer(1, "hold", { phase: "processing" });
    await steer(2, "progress", { percent: 50 });
    await control(before, "POST", "sandboxes/steered/clock/advance", { by: "1s" });
    await steer(1, "release");
    await steer(3, "finish");
    await steer(4, "fail");
    await steer(5, "hold");
    await steer(5, "finish");
    await steer(6, "progress", { percent: 10 });
    await steer(6, "hold");
    await before.close();

    const app = await buildAcmeApp({ data: file });
    for (const part of ["", "/report"])
      expect(await control(app, "GET", `sandboxes/steered${part}`)).toMatchObject({ status: 200 });
  });
});

type Bundle = Record<string, never> & {
  tables: Record<string, { columns: string[]; rows: unknown[][] }>;
  journal: { entries: Record<string, unknown>[] };
};

describe("a damaged bundle", () => {
  /** Replaces a value in the first row of a table. */
  const inRow = (table: string, column: string, value: unknown) => (bundle: Bundle) => {
    const { columns, rows } = bundle.tables[table] ?? { columns: [], rows: [] };
    const row = rows[0];
    if (row === undefined) throw new Error(`There are no rows in ${table}.`);
    row[columns.indexOf(column)] = value;
  };

  it.each<[string, (bundle: Bundle) => void]>([
    ["a rule that is not JSON", inRow("rules", "document", "{")],
    ["a rule of another shape", inRow("rules", "document", '{"when":5}')],
    ["a rule with another id", inRow("rules", "public_id", "mine")],
    ["a timeline that is not JSON", inRow("generations", "timeline", "{")],
    ["a timeline without steps", inRow("generations", "timeline", '{"steps":[],"open":[]}')],
    ["an unknown phase", inRow("generations", "phase", "lost")],
    ["a generation of another shape", inRow("generations", "document", '{"model":5}')],
    [
      "attributes that its vendor does not have",
      (bundle) => {
        const { columns, rows } = bundle.tables["generations"] ?? { columns: [], rows: [] };
        const at = columns.indexOf("document");
        for (const row of rows) row[at] = JSON.stringify({ ...(JSON.parse(String(row[at])) as object), attributes: 5 });
      },
    ],
    ["a generation without an account", inRow("generations", "account_id", 4711)],
    ["a time beyond the calendar", inRow("generations", "created_at", 1e15)],
    ["a time that is not a whole number", inRow("generations", "created_at", 0.5)],
    ["a value of another type", inRow("generations", "created_at", "today")],
    [
      "two generations of one id",
      (bundle) => bundle.tables["generations"]?.rows.push([...(bundle.tables["generations"].rows[0] ?? [])]),
    ],
    ["a row that is too short", (bundle) => bundle.tables["rules"]?.rows[0]?.pop()],
    ["a column that is not known", (bundle) => bundle.tables["rules"]?.columns.push("color")],
    ["a delivery of another shape", inRow("deliveries", "document", "[]")],
    ["a delivery in no state", inRow("deliveries", "status", "lost in the post")],
    ["a delivery to no URL", inRow("deliveries", "url", "not a url")],
    ["a delivery at no time", inRow("deliveries", "created_at", 2 ** 53)],
    ["a number where text belongs", inRow("accounts", "name", -1)],
    ["an account without a name", inRow("accounts", "name", "")],
    ["a rule number that nothing can follow", (bundle) => Object.assign(bundle, { lastRule: Number.MAX_SAFE_INTEGER })],
    ["an endpoint of another shape", inRow("resources", "document", '{"url":5}')],
    ["a document of no vendor", inRow("resources", "kind", "heirloom")],
    ["an account state of another shape", inRow("account_states", "state", '{"plan":5}')],
    ["a scenario of another shape", inRow("scenarios", "document", '{"extends":5}')],
    ["bytes where text belongs", inRow("scenarios", "document", { base64: "e30=" })],
    [
      "a journal entry of another shape",
      (bundle) => Object.assign(bundle.journal.entries[0] ?? {}, { generations: 5 }),
    ],
    ["a journal entry at no time", (bundle) => Object.assign(bundle.journal.entries[0] ?? {}, { at: 1e300 })],
  ])("with %s is refused whole, and changes nothing", async (_, change) => {
    const file = join(makeFolder(), "data.db");
    const app = await buildAcmeApp({ data: file });
    await fill(app, "red");
    const read = async () => (await control(app, "GET", "sandboxes/red/bundle")).body as Bundle;
    const before = await read();
    const changed = structuredClone(before);
    change(changed);
    expect(changed).not.toEqual(before);
    const refused = await control(app, "PUT", "sandboxes/red/bundle", changed);
    expect([refused.status, refused.body.code]).toEqual([
      expect.any(Number),
      expect.stringMatching(/^(?:bundle-unfit|invalid-request)$/),
    ]);
    expect(refused.status).toBeLessThan(500);
    expect(await read()).toEqual(before);
    expect((await create(app, "red")).statusCode).toBe(201);

    const restored = await control(app, "PUT", "sandboxes/red/bundle", before);
    expect(restored.status).toBe(200);
    await app.close();
    const again = await buildAcmeApp({ data: file });
    expect((await control(again, "GET", "sandboxes/red")).status).toBe(200);
  });
});

describe("a bundle that contradicts itself", () => {
  const tableOf = ({ tables }: Bundle, name: string) => {
    const table = tables[name];
    if (table === undefined) throw new Error(`There is no table ${name}.`);
    return table;
  };

  /** Replaces a value in every row of a table. */
  const inEach = (table: string, column: string, change: (value: unknown) => unknown) => (bundle: Bundle) => {
    const { columns, rows } = tableOf(bundle, table);
    const at = columns.indexOf(column);
    for (const row of rows) row[at] = change(row[at]);
  };

  /** Adds a row whose values stand in a record; absent ones are null. */
  const withRow = (table: string, values: (bundle: Bundle) => Record<string, unknown>) => (bundle: Bundle) => {
    const { columns, rows } = tableOf(bundle, table);
    const own = values(bundle);
    rows.push(columns.map((column) => own[column] ?? null));
  };

  const valueIn = (bundle: Bundle, table: string, column: string): unknown => {
    const { columns, rows } = tableOf(bundle, table);
    return rows[0]?.[columns.indexOf(column)];
  };

  const times = { created_at: 1, expires_at: 2 };

  it.each<[string, RegExp, (bundle: Bundle) => void]>([
    [
      "a plan that is not its timeline's",
      /of generations .*next transition is planned at 1;/,
      inEach("generations", "next_at", () => 1),
    ],
    [
      "a plan that never goes on",
      /of generations .*next transition is planned at null;/,
      inEach("generations", "next_at", () => null),
    ],
    [
      "a phase that comes twice",
      /of generations /,
      inEach("generations", "timeline", (text) => {
        const timeline = JSON.parse(String(text)) as { steps: object[] };
        return JSON.stringify({ ...timeline, steps: [...timeline.steps, ...timeline.steps] });
      }),
    ],
    [
      "a time before its generation's creation",
      /of generations .*its steps are not those of a timeline/,
      inEach("generations", "timeline", (text) => String(text).replace('"offset":0', '"offset":-5')),
    ],
    ["a generation of a missing account", /of generations .*account_id/, inEach("generations", "account_id", () => 99)],
    ["a delivery of a missing account", /of deliveries .*account/, inEach("deliveries", "account_id", () => 99)],
    ["a document of a missing account", /of resources .*account/, inEach("resources", "account_id", () => 99)],
    [
      "a key of a missing account",
      /of keys .*account "nobody" is not one/,
      withRow("keys", () => ({ hash: "0f", sandbox_id: 1, account_name: "nobody", user: "owner", hint: "nob…" })),
    ],
    [
      "an upload slot of a missing account",
      /of upload_slots .*account_id/,
      withRow("upload_slots", () => ({ id: 1, sandbox_id: 1, account_id: 99, vendor: "acme", token: "t", ...times })),
    ],
    [
      "an output of another generation",
      /of outputs .*its generation \d+ is not one of this sandbox that has this output/,
      withRow("outputs", (bundle) => ({
        sandbox_id: 1,
        vendor: "acme",
        public_id: "out-of-another",
        generation_row: valueIn(bundle, "generations", "id"),
      })),
    ],
    [
      "an output of a missing generation",
      /of outputs .*generation/,
      withRow("outputs", () => ({ sandbox_id: 1, vendor: "acme", public_id: "orphan", generation_row: 4711 })),
    ],
  ])("with %s is refused with the row and the reason, and changes nothing", async (_, reason, change) => {
    const app = await buildAcmeApp();
    await fill(app, "red");
    const read = async () => (await control(app, "GET", "sandboxes/red/bundle")).body as Bundle;
    const before = await read();
    const changed = structuredClone(before);
    change(changed);
    expect(changed).not.toEqual(before);
    const refused = await control(app, "PUT", "sandboxes/red/bundle", changed);
    expect(refused).toMatchObject({
      status: 400,
      body: { code: "bundle-unfit", detail: expect.stringMatching(reason) },
    });
    expect(await read()).toEqual(before);
  });
});

describe("a bundle", () => {
  it("is restored although a request of its journal had no body", async () => {
    const app = await buildAcmeApp();
    await fill(app, "red");
    await app.inject({ method: "GET", url: "/acme/jobs/none", headers: headersOf("red") });
    const { body } = await control(app, "GET", "sandboxes/red/bundle");
    expect((await control(app, "PUT", "sandboxes/red/bundle", body)).status).toBe(200);
  });

  it("never brings back the id of a rule that was added since it was saved", async () => {
    const app = await buildAcmeApp();
    await fill(app, "red");
    const { body } = await control(app, "GET", "sandboxes/red/bundle");
    const add = async (): Promise<string> =>
      (await control(app, "POST", "sandboxes/red/rules", { scenario: "fail" })).body.id as string;
    expect([await add(), await add()]).toEqual(["rule-2", "rule-3"]);
    await control(app, "PUT", "sandboxes/red/bundle", body);
    expect(await add()).toBe("rule-4");
  });
});
