/** Starts a server in the process of a test. */
import type { z } from "zod";
import type { SettingName, settings } from "../config.ts";
import { nodeVersionProblem } from "../platform/node-version.ts";
import { ControlClient } from "./control-client.ts";
import { exchange } from "./exchange.ts";
import { Fauxgen } from "./fauxgen.ts";

/** The settings of the server, named like its flags: `{ port: 4600, timing: "instant", data: "renders.db" }`. */
export type StartOptions = { readonly [Name in SettingName]?: z.input<(typeof settings)[Name]["schema"]> | undefined };

/**
 * Starts a server in this process, by default on a free port of the loopback interface and without log lines, because
 * the log would be in the middle of a test's output.
 *
 * @example
 * await using fauxgen = await startFauxgen();
 * const sandbox = await fauxgen.sandbox("checkout-spec");
 */
export async function startFauxgen(options: StartOptions = {}): Promise<Fauxgen> {
  // Checks the version before loading the database driver, which crashes on an old Node.js without an explanation.
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== undefined) throw new Error(problem);
  const { readConfig } = await import("../config.ts");
  const { listen } = await import("../start.ts");
  // Each worker of a test run starts a server, and the run sets one folder for all of them.
  const { FAUXGEN_COVERAGE_DIR: coverageDir = "" } = process.env;
  const inherited = coverageDir === "" ? {} : { coverageDir };
  const config = readConfig([{ values: { port: 0, logLevel: "silent", ...inherited, ...options }, nameOf: String }]);
  const server = await listen(config);
  return new Fauxgen(new ControlClient(server.url, exchange, config.controlToken), server.close);
}
