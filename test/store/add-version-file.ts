/**
 * Adds a file of the current schema version to `files`, with the answers of a server that opens it: `node
 * test/store/add-version-file.ts`. It refuses to replace a file, since a version's file stands for the files of users.
 * The argument may name the CLI of another build, which then makes a file of its version.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { startServer } from "../load/server.ts";
import { strictSenderTo, type Exchange, type RequestSpec } from "./exchange.ts";
import { recordContents } from "./recording.ts";
import { fillServer } from "./sample.ts";

const [, , cli] = process.argv;

const folder = mkdtempSync(join(tmpdir(), "fauxgen-version-"));
try {
  const made = join(folder, "made.db");
  const clients = await fill(made);
  const version = compact(made);
  const target = fileURLToPath(new URL(`files/version-${version}`, import.meta.url));
  if (existsSync(`${target}.db`)) throw new Error(`${target}.db is there already. Raise the version, or remove it.`);
  copyFileSync(made, `${target}.db`);
  const lines = (await record(made, clients)).map((exchange) => JSON.stringify(exchange));
  writeFileSync(`${target}.json`, `[\n${lines.join(",\n")}\n]\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Fills the file through a server; returns the requests that clients can send later. */
async function fill(file: string): Promise<RequestSpec[]> {
  const receiver = createServer((request, response) => {
    request.resume();
    response.writeHead(request.url?.startsWith("/accepts") === true ? 200 : 500).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  const server = await startServer(["--data", file], { cli });
  try {
    return await fillServer(strictSenderTo(server.url), `http://127.0.0.1:${port}`);
  } finally {
    await server.stop();
    receiver.close();
  }
}

/** Shrinks the file and returns its version. Throws when a table is empty, since no test would miss its rows. */
function compact(file: string): number {
  const database = new Database(file);
  try {
    database.exec("VACUUM");
    const tables = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    const empty = tables.filter((table) => database.prepare(`SELECT 1 FROM ${table}`).get() === undefined);
    if (empty.length > 0) throw new Error(`There are no rows in ${empty.join(", ")}: make some in sample.ts.`);
    return Number(database.pragma("user_version", { simple: true }));
  } finally {
    database.close();
  }
}

async function record(file: string, clients: readonly RequestSpec[]): Promise<Exchange[]> {
  const server = await startServer(["--data", file], { cli });
  try {
    return await recordContents(server.url, clients);
  } finally {
    await server.stop();
  }
}
