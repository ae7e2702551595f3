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
