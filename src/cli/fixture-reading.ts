/** Reads and checks a fixtures folder for the commands `validate` and `apply`. */
import { existsSync, statSync } from "node:fs";
import { buildApp } from "../app.ts";
import { readConfig } from "../config.ts";
import { fixtureFlaws } from "../control/fixtures/check.ts";
import { createWallClock } from "../engine/base/clock.ts";
import { FixtureFolder } from "../fixtures/folder.ts";
import { FixtureUnusable } from "../fixtures/library.ts";
import type { FixtureFlaw } from "../fixtures/file.ts";
import { MediaLibrary } from "../media/serve/library.ts";
import { vendors } from "../vendors/index.ts";
import { Failure } from "./failure.ts";

export interface ReadFixtures {
  readonly folder: FixtureFolder;
  readonly flaws: readonly FixtureFlaw[];
}

/** Reads a folder, or one file of it, and makes the same checks as a server at its start. */
export async function readFixtures(path: string): Promise<ReadFixtures> {
  if (!existsSync(path)) throw new Failure(2, `${path}: there is no such file or folder`);
  const folder = await FixtureFolder.read(path, vendors);
  const config = readConfig([{ values: { logLevel: "silent" }, nameOf: String }]);
  const app = await buildApp({ config, vendors });
  try {
    await app.ready();
    const named = await fixtureFlaws({ config, vendors, context: app.httpContext }, folder);
    return { folder, flaws: [...folder.flaws, ...named, ...mediaFlaws(path)] };
  } finally {
    await app.close();
  }
}

function mediaFlaws(path: string): FixtureFlaw[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  try {
    new MediaLibrary(path, vendors, createWallClock());
    return [];
  } catch (error) {
    if (!(error instanceof FixtureUnusable)) throw error;
    const [file = path, ...reason] = error.message.split(": ");
    return [{ file, reason: reason.join(": ") }];
  }
}
