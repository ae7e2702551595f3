import module from "node:module";
import type { Config } from "../config.ts";
import { vendors } from "../vendors/index.ts";
import { describeReady, readyTable } from "./announcement.ts";
import { stopOnSignal } from "./signals.ts";
import { start } from "./starting.ts";

/** Serves until a signal comes. */
export async function serve(config: Config): Promise<void> {
  const server = await start(config);
  stopOnSignal(server.close);
  const ready = describeReady(server, vendors);
  process.stdout.write(config.json ? `${JSON.stringify(ready)}\n` : readyTable(ready, vendors));
  // Otherwise kept only by a process that exits by itself, which one that was killed has not.
  module.flushCompileCache();
}
