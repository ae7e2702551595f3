/** Damages every kind of stored row, and checks that only its sandbox is affected and that a reset repairs it. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { jobs } from "../jobs.ts";
import type { LoadPart, Tried } from "../part.ts";
import { startServer } from "../server.ts";

/** The columns with documents, by table. */
const DOCUMENTS: readonly (readonly [table: string, column: string])[] = [
  ["sandboxes", "document"],
  ["sandboxes", "clock"],
  ["account_states", "state"],
  ["generations", "timeline"],
  ["generations", "document"],
  ["resources", "document"],
  ["scenarios", "document"],
  ["rules", "document"],
  ["deliveries", "document"],
  ["delivery_attempts", "document"],
];
const VALUES = ["{", "5", "null", "[]", '{"steps":[],"open":[]}', ""];
const MISSING = ["accounts", "account_states", "keys", "counters", "generations", "outputs", "resources", "rules"];
const JSON_TYPE = { "content-type": "application/json" };
const [job] = jobs;

async function call(url: string, method: string, path: string, body?: unknown): Promise<number> {
  const answer = await fetch(`${url}/_fauxgen/sandboxes/${path}`, {
    method,
    ...(body !== undefined && { headers: JSON_TYPE, body: JSON.stringify(body) }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function create(url: string, sandbox: string): Promise<number> {
  const { path, body } = job.create({ marker: "", webhookUrl: "http://127.0.0.1:9/" });
  const headers = { ...job.headers(sandbox), ...JSON_TYPE };
  const answer = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  await answer.arrayBuffer();
  return answer.status;
}

async function makeFile(file: string, cli: string | undefined): Promise<void> {
  const server = await startServer(["--data", file], { cli });
  for (const name of ["hurt", "sound"]) {
    await call(server.url, "PUT", name, {
      clock: { mode: "frozen" },
      accounts: { main: { keys: [`literal-${name}`] } },
    });
    await call(server.url, "PUT", `${name}/scenarios/mine`, { extends: "stuck" });
    await call(server.url, "POST", `${name}/rules`, { when: { operation: "getGeneration" }, scenario: "fail" });
    await call(server.url, "POST", `${name}/webhooks/endpoints`, { vendor: "vivix", url: "http://127.0.0.1:9/" });
    await create(server.url, name);
    await call(server.url, "POST", `${name}/clock/advance`, { by: "1h" });
    await create(server.url, name);
  }
  await server.stop();
}

/** Starts on the damaged file, and returns what is wrong. */
async function judge(what: string, file: string, cli: string | undefined): Promise<string[]> {
  const wrong: string[] = [];
  const server = await startServer(["--data", file], { cli });
  const { url } = server;
  await call(url, "POST", "hurt/clock/advance", { by: "1h" });
  if ((await create(url, "sound")) !== 201) wrong.push(`${what}: its neighbour does not work`);
  if ((await call(url, "POST", "sound/clock/advance", { by: "1h" })) !== 200)
    wrong.push(`${what}: its neighbour's clock`);
  if ((await call(url, "POST", "hurt/reset")) !== 200) wrong.push(`${what}: a reset does not work`);
  if ((await create(url, "hurt")) !== 201) wrong.push(`${what}: nothing works after the reset`);
  await server.stop();
  return wrong;
}

export const damagedRows: LoadPart = {
  name: "damaged-rows",
  title: "Damaged rows of every kind",
  explanation:
    "Every column with a document gets text that is not JSON, JSON of another type and nothing; of other tables, the rows are deleted. The server must start, the neighbour of the sandbox must work, and a reset must repair the sandbox.",
  run: async ({ cli }) => {
    const folder = mkdtempSync(join(tmpdir(), "fauxgen-damaged-"));
    const good = join(folder, "good.db");
    const tried: Tried[] = [];
    const violations: string[] = [];
    const attempt = async (what: string, statements: readonly string[]): Promise<void> => {
      const file = join(folder, "hurt.db");
      const wrong: string[] = [];
      for (const statement of statements) {
        copyFileSync(good, file);
        const database = new Database(file);
        database.pragma("foreign_keys = OFF");
        database.exec(statement);
        database.close();
        wrong.push(...(await judge(`${what}: ${statement}`, file, cli)));
        for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
      }
      tried.push({ what, times: statements.length, wrong: wrong.length });
      violations.push(...wrong);
    };
    try {
      await makeFile(good, cli);
      const hurt = "(SELECT id FROM sandboxes WHERE name = 'hurt')";
      const rowsOf: Readonly<Record<string, string>> = {
        sandboxes: `id = ${hurt}`,
        account_states: `account_id IN (SELECT id FROM accounts WHERE sandbox_id = ${hurt})`,
        counters: `account_id IN (SELECT id FROM accounts WHERE sandbox_id = ${hurt})`,
        delivery_attempts: `delivery_id IN (SELECT id FROM deliveries WHERE sandbox_id = ${hurt})`,
      };
      const where = (table: string): string => rowsOf[table] ?? `sandbox_id = ${hurt}`;
      for (const [table, column] of DOCUMENTS)
        await attempt(
          `${table}.${column}`,
          VALUES.map((value) => `UPDATE ${table} SET ${column} = '${value}' WHERE ${where(table)}`),
        );
      for (const table of MISSING)
        await attempt(`missing rows of ${table}`, [`DELETE FROM ${table} WHERE ${where(table)}`]);
    } finally {
      rmSync(folder, { recursive: true });
    }
    return { tried, violations };
  },
};
