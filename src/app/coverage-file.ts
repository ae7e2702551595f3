/**
 * Saves a server's coverage to a file of its own in a folder: when it closes, when its process exits, and meanwhile soon
 * after each change, so that a killed process loses little. Each write replaces the whole file at once.
 */
import { closeSync, mkdirSync, openSync, renameSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import type { FastifyInstance } from "fastify";
import { saveCounts } from "../control/coverage/saved.ts";
import { readVersion } from "../platform/version.ts";

/** How often changes are looked for. */
const LOOK_MS = 1000;

/** Saves the coverage of a server in `folder` until it closes. Call it before the server listens. Throws if that fails. */
export function keepCoverage(app: FastifyInstance, folder: string): void {
  const { coverage, sandboxes, startedAt } = app.httpContext;
  const { wall } = sandboxes.default;
  const show = (instant: number): string => new Date(instant).toISOString();
  mkdirSync(folder, { recursive: true });
  const { name, file } = takeFile(
    folder,
    `coverage-${hostname().replace(/[^\w.-]/g, "-")}-${process.pid}-${threadId}-${startedAt}`,
  );
  let saved: number | undefined;
  const save = (): void => {
    const { changes } = coverage.run;
    if (saved === changes) return;
    const about = { version: readVersion(), since: show(coverage.since), until: show(wall.now()) };
    // A reader or a crash never meets half a file.
    const part = join(folder, `.${name}.part`);
    writeFileSync(part, `${JSON.stringify(saveCounts(coverage.run, about))}\n`);
    renameSync(part, file);
    saved = changes;
  };
  const trySave = (): void => {
    try {
      save();
    } catch (error) {
      app.log.error(error, "the coverage of this server could not be saved");
    }
  };
  save();
  const look = (): void => {
    stop = wall.after(LOOK_MS, look);
    trySave();
  };
  let stop = wall.after(LOOK_MS, look);
  process.once("exit", trySave);
  app.addHook("onClose", async () => {
    stop();
    process.off("exit", trySave);
    trySave();
  });
}

/** Creates a file that no other server has. Servers of one process may start within the same millisecond. */
function takeFile(folder: string, start: string): { readonly name: string; readonly file: string } {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? start : `${start}-${number}`;
    const file = join(folder, `${name}.json`);
    try {
      closeSync(openSync(file, "wx"));
      return { name, file };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}
