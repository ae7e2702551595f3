/** Implements `fauxgen serve`, which runs a server until a signal ends it. */
import module from "node:module";
import type { Config } from "../config.ts";
import { vendors } from "../vendors/index.ts";
import { describeReady, readyTable } from "./announcement.ts";
import { stopOnSignal } from "./signals.ts";
import { start } from "./starting.ts";

/** Starts a server that stops on a signal, and prints how to reach it. */
export async function serve(config: Config): Promise<void> {
  const server = await start(config);
  stopOnSignal(server.close);
  const ready = describeReady(server, vendors);
  process.stdout.write(config.json ? `${JSON.stringify(ready)}\n` : readyTable(ready, vendors));
  // Node.js writes the cache only at a normal exit, so a killed process would not write it.
  module.flushCompileCache();
}
