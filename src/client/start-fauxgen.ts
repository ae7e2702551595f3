import type { z } from "zod";
import type { SettingName, settings } from "../config.ts";
import { nodeVersionProblem } from "../platform/node-version.ts";
import { ControlClient } from "./control-client.ts";
import { Fauxgen } from "./fauxgen.ts";

/** Settings of the server, as its flags have them: `{ port: 4600, timing: "instant", data: "renders.db" }`. */
export type StartOptions = { readonly [Name in SettingName]?: z.input<(typeof settings)[Name]["schema"]> | undefined };

/**
 * Starts a server in this process, on a free port of the loopback interface unless options say otherwise.
 *
 * @example
 * await using fauxgen = await startFauxgen();
 * const sandbox = await fauxgen.sandbox("checkout-spec");
 */
export async function startFauxgen(options: StartOptions = {}): Promise<Fauxgen> {
  // The database driver crashes on a Node.js that is too old instead of saying so; nothing of it is loaded yet.
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== undefined) throw new Error(problem);
  const { readConfig } = await import("../config.ts");
  const { listen } = await import("../start.ts");
  const config = readConfig([{ values: { port: 0, ...options }, nameOf: String }]);
  const server = await listen(config);
  return new Fauxgen(new ControlClient(server.url, config.controlToken), server.close);
}
