/**
 * Defines fixtures for vitest: each test gets its own sandbox, on the server of `FAUXGEN_URL` (a container, `fauxgen
 * exec`) or on a server that the worker starts.
 *
 * @example
 * import { test } from "fauxgen/vitest";
 *
 * test("shows a failed render", async ({ sandbox, settled }) => {
 *   await sandbox.rules.add({ when: { vendor: "vivix" }, scenario: "fail" });
 *   …
 *   await settled();
 * });
 */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, test as base } from "vitest";
import type { SandboxSettings } from "./documents.ts";
import { connectFauxgen, type Fauxgen } from "./fauxgen.ts";
import type { SandboxHandle } from "./sandbox-handle.ts";
import { startFauxgen } from "./start-fauxgen.ts";

export interface FauxgenFixtures {
  /** The server, one for each worker. */
  readonly fauxgen: Fauxgen;
  /** The settings of each test's sandbox, by default empty. Override them for a file or a suite. */
  readonly sandboxSettings: SandboxSettings;
  /** The test's own sandbox, deleted at the end of the test. Its report is printed if the test fails. */
  readonly sandbox: SandboxHandle;
  /** Fails the test if a rule was never used, a request is still held, or a request matched no route. */
  readonly settled: SandboxHandle["settled"];
}

/** The limit for a server's start, on a machine that starts servers for many workers at the same time. */
const START_MS = 60_000;

/** The worker's server, which its first test file starts. `isUsed` is true once a fixture takes over closing it. */
const shared: { server?: Promise<Fauxgen> | undefined; isUsed: boolean } = { isUsed: false };

function obtainServer(): Promise<Fauxgen> {
  const { FAUXGEN_URL: url, FAUXGEN_CONTROL_TOKEN: token } = process.env;
  shared.server ??= url === undefined || url === "" ? startFauxgen() : connectFauxgen(url, { token });
  return shared.server;
}

// Starts the server in a hook, because the time of a fixture counts towards the timeout (5 s) of the first test.
beforeAll(async () => {
  await obtainServer();
}, START_MS);

afterAll(async () => {
  if (shared.isUsed) return;
  const { server } = shared;
  shared.server = undefined;
  await (await server)?.close();
}, START_MS);

export const test = base.extend<FauxgenFixtures>({
  fauxgen: [
    // vitest reads the needed fixtures from the first parameter, which must be a destructuring pattern.
    async ({}, use) => {
      shared.isUsed = true;
      const server = await obtainServer();
      await use(server);
      await server.close();
    },
    { scope: "worker" },
  ],
  sandboxSettings: {},
  sandbox: async ({ fauxgen, sandboxSettings, task }, use) => {
    const sandbox = await fauxgen.sandbox(sandboxNameOf(task), sandboxSettings);
    // A killed run may have left a sandbox of this name.
    await sandbox.reset();
    await use(sandbox);
    if (task.result?.state === "fail") process.stderr.write(await reportOf(sandbox));
    await sandbox.dispose();
  },
  settled: async ({ sandbox }, use) => {
    await use((options) => sandbox.settled(options));
  },
});

export const it = test;

interface NamedTask {
  readonly name: string;
  readonly id: string;
  readonly file: { readonly name: string };
  readonly suite?: { readonly name: string } | undefined;
}

/**
 * Returns a sandbox name that is different for each test and the same in each run, so that ids are the same too. If
 * several runs share a server, `FAUXGEN_SANDBOX` is the prefix that separates them.
 */
function sandboxNameOf({ name, id, file, suite }: NamedTask): string {
  const prefix = process.env["FAUXGEN_SANDBOX"] ?? "";
  const digest = createHash("sha256")
    .update([prefix, file.name, suite?.name ?? "", name, id].join("\0"))
    .digest("hex");
  const words = [prefix, name]
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "");
  return `${words.slice(0, 27)}-${digest.slice(0, 12)}`.replace(/^-|-(?=-)/g, "");
}

async function reportOf(sandbox: SandboxHandle): Promise<string> {
  try {
    return `\n${await sandbox.report()}\n`;
  } catch (error) {
    return `\nSandbox "${sandbox.name}" has no report: ${error instanceof Error ? error.message : String(error)}\n`;
  }
}
