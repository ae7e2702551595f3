/**
 * Runs kills, file troubles and odd requests against the installed package, because a build can lose what its sources
 * have: a minifier drops a call whose result is unused.
 */
import { chmodSync } from "node:fs";
import { Agent } from "node:http";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { vendors } from "../../src/vendors/index.ts";
import { apis, readOperations } from "../fuzz/documents.ts";
import { exchange } from "../fuzz/exchange.ts";
import { requestsTo, type FuzzRequest } from "../fuzz/requests.ts";
import { crashAgainAndAgain } from "../load/crash.ts";
import { startServer } from "../load/server.ts";
import { starve } from "../load/starve.ts";
import { makeProject, ROOT } from "../package/packed.ts";
import { keyHeaders } from "../support/app.ts";
import { run } from "../support/run.ts";
import { sendRaw } from "../support/raw.ts";

const packed = inject("packed");
let cli: string;
beforeAll(async () => {
  const project = await makeProject(packed, "shipped", { "package.json": "{}" });
  // A trial runs the server as another user.
  chmodSync(packed.scratch, 0o755);
  cli = join(project, "node_modules", "fauxgen", "dist", "cli.js");
}, 120_000);

describe("the installed server", () => {
  it.each([
    ["while a client follows its events", true],
    ["while requests share commits", false],
  ])("loses nothing that it acknowledged when it is killed %s", { timeout: 180_000 }, async (_, isFollowed) => {
    const { violations, creates } = await crashAgainAndAgain({ rounds: 20, seed: 11, cli, isFollowed });
    expect(violations).toEqual([]);
    expect(creates).toBeGreaterThan(50);
  });

  it("explains a full disk and every unusable file in one line, and loses nothing", { timeout: 120_000 }, async () => {
    const { violations, told } = await starve({ cli });
    expect(violations).toEqual([]);
    expect(told.length).toBeGreaterThan(5);
  });
});

describe("the installed library", () => {
  it("passes the tests of the library", { timeout: 180_000 }, async () => {
    const shipped = join(dirname(cli), "index.js");
    const args = [
      join(ROOT, "node_modules/vitest/vitest.mjs"),
      "run",
      "--config",
      "test/system/shipped-library.config.ts",
    ];
    const { code, stdout, stderr } = await run(process.execPath, args, ROOT, { SHIPPED_LIBRARY: shipped });
    expect(code, `${stdout}${stderr}`).toBe(0);
    expect(Number(/Tests\D*(\d+) passed/.exec(stripVTControlCharacters(stdout))?.[1])).toBeGreaterThan(20);
  });
});

/** The number of generated requests to each API. */
const GENERATED = 100;
const PATIENCE_MS = 2000;

/** Raw requests that are malformed in their first line, headers or paths. */
const RAW = [
  ...["/v2/generate/100%", "/v2/generate/%zz", "/v2//generate", "/v2/generate/", "/V2/generate", "/v2/generate/%00"],
  ...["/api/ai/queue/%c3%28", "/pub/v1/generations/..%2f..", "/api/v1/generations/%e2%82", "/%2e%2e/v2", "/nothing"],
  ...["/_fauxgen/sandboxes/%zz", "/_fauxgen/sandboxes/UPPER", "/_media/world/vivix/%zz.jpg", "/v2/generations?limit=%"],
].flatMap((path) =>
  ["GET", "POST", "HEAD", "OPTIONS", "BREW"].map(
    (method) =>
      `${method} ${path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: fx_odd_main\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  ),
);

/** Starts a server whose clock stands still, so that two servers answer the same. */
async function start(build: string | undefined) {
  const server = await startServer(["--webhooks", "collect"], { cli: build });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(async () => {
    agent.destroy();
    await server.stop("SIGKILL");
  });
  for (const name of ["default", "odd"])
    await fetch(`${server.url}/_fauxgen/sandboxes/${name}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ now: "2026-11-27T10:00:00Z", clock: { mode: "frozen" }, timing: "instant" }),
    });
  const { port } = new URL(server.url);
  /** Removes what differs between two servers: their ports, and times of the host's clock. */
  const comparable = (text: string): string =>
    text
      .replaceAll(port, "PORT")
      .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (time) =>
        time.startsWith("2026-11-27T10") ? time : "TIME",
      )
      .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, "DATE");
  return {
    raw: async (bytes: string) => comparable(await sendRaw(server.url, bytes)),
    send: async ({ method, url, headers, body, key, operation }: FuzzRequest) => {
      const vendor = vendors.find(({ name }) => name === operation.api);
      const literal = key !== undefined && "account" in key ? vendor?.keyFrom(`fx_odd_${key.account}`) : key?.literal;
      const own = vendor === undefined ? {} : keyHeaders(vendor, literal);
      const answer = await exchange({
        port: Number(port),
        agent,
        method,
        url: url.replaceAll(/\{id:\d+\}/g, "x"),
        headers: { ...headers, ...own },
        body,
        patienceMs: PATIENCE_MS,
      }).catch((error: unknown) => String(error));
      return comparable(JSON.stringify(answer) ?? "no answer");
    },
  };
}

describe("the installed package and its sources", () => {
  it("answer malformed requests alike", { timeout: 120_000 }, async () => {
    const [shipped, sources] = await Promise.all([start(cli), start(undefined)]);
    for (const bytes of RAW) expect(await shipped.raw(bytes), bytes).toBe(await sources.raw(bytes));
  });

  it.each(apis)("answer generated requests to %s alike", { timeout: 120_000 }, async (api) => {
    const [shipped, sources] = await Promise.all([start(cli), start(undefined)]);
    const requests = fc
      .sample(requestsTo(readOperations(api)), { seed: 27, numRuns: GENERATED })
      // An event stream and a wait end by the client's patience, so that how much arrived is chance.
      .filter(({ url }) => !/wait=|within=|events|follow|metrics|ready|health/.test(url));
    expect(requests.length).toBeGreaterThan(60);
    for (const request of requests)
      expect(await shipped.send(request), `${request.method} ${request.url}`).toBe(await sources.send(request));
  });
});
