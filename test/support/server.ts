/** Starts a listening server for a test. */
import { onTestFinished } from "vitest";
import { readConfig, type ConfigInput } from "../../src/config.ts";
import { listen, type RunningServer } from "../../src/start.ts";
import type { Vendor } from "../../src/vendors/vendor.ts";

/** Starts a server on a real socket and a free port, and closes it when the test ends. */
export async function listenForTest(values: ConfigInput = {}, list?: readonly Vendor[]): Promise<RunningServer> {
  const config = readConfig([{ values: { port: 0, logLevel: "silent", ...values }, nameOf: String }]);
  const server = await listen(config, list);
  onTestFinished(async () => {
    await server.close();
  });
  return server;
}
