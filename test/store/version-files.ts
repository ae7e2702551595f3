/** The files of earlier versions, lent to tests as copies. */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { SCHEMA_VERSION } from "../../src/store/migrations.ts";

export const versionFiles = fileURLToPath(new URL("files/", import.meta.url));

/** Every version that there must be a file of. */
export const versions = Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1);

/** Makes a folder for one test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-store-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Copies a version's file into a folder of its own; answers the path of the copy. */
export function copyOf(version: number): string {
  const copy = join(makeFolder(), "copy.db");
  copyFileSync(join(versionFiles, `version-${version}.db`), copy);
  return copy;
}
