/**
 * Fixtures for vitest: a sandbox of its own for each test, on the server of `FAUXGEN_URL` (a container, `fauxgen
 * exec`) or on one that each worker starts for itself.
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
  /** Settings of each test's sandbox; override it for a file or a suite. Empty by default. */
  readonly sandboxSettings: SandboxSettings;
  /** A sandbox of the test's own, gone when the test ends. Its report is printed when the test fails. */
  readonly sandbox: SandboxHandle;
  /** Fails the test on rules that were never used, requests that are still held, and calls that met no route. */
  readonly settled: () => Promise<void>;
}

/** Real time that a server may take to start, on a machine that starts one for each of many workers at once. */
const START_MS = 60_000;

/** The worker's server, from the first file that asks for one; `isUsed` once a fixture sees to its end. */
const shared: { server?: Promise<Fauxgen> | undefined; isUsed: boolean } = { isUsed: false };

function obtainServer(): Promise<Fauxgen> {
  const { FAUXGEN_URL: url, FAUXGEN_CONTROL_TOKEN: token } = process.env;
  shared.server ??= url === undefined || url === "" ? startFauxgen() : connectFauxgen(url, { token });
  return shared.server;
}

// What a fixture takes is taken from the time of the first test that needs it, which has 5 s by default.
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
    // vitest reads the fixtures that a function needs from its first parameter, which is to be a pattern.
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
    // A run that was killed may have left one of this name.
    await sandbox.reset();
    await use(sandbox);
    if (task.result?.state === "fail") process.stderr.write(await reportOf(sandbox));
    await sandbox.dispose();
  },
  settled: async ({ sandbox }, use) => {
    await use(() => sandbox.settled());
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
 * The same from run to run, so that ids are too, and another for each test. `FAUXGEN_SANDBOX` goes before it where
 * several runs share a server.
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
