/** Provides tests with copies of the files of earlier versions. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { SCHEMA_VERSION } from "../../src/store/migrations.ts";

export const versionFiles = fileURLToPath(new URL("files/", import.meta.url));

/** Every version that must have a file. */
export const versions = Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1);

/** Creates a folder for one test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-store-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Copies a version's file into a new folder; returns the path of the copy. */
export function copyOf(version: number): string {
  const copy = join(makeFolder(), "copy.db");
  copyFileSync(join(versionFiles, `version-${version}.db`), copy);
  return copy;
}
