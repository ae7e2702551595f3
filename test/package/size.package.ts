/** Limits the package to a little more than its present size. A change that needs more raises a limit and says why. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { ROOT } from "./packed.ts";

const KILOBYTE = 1000;

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean().optional(), devOptional: z.boolean().optional(), peer: z.boolean().optional() }),
  ),
});

/** Returns the packages that an installation adds besides fauxgen. */
function installedPackages(): string[] {
  const file = fileURLToPath(new URL("../../package-lock.json", import.meta.url));
  const { packages } = lockFile.parse(JSON.parse(readFileSync(file, "utf8")));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional, peer }]) => path !== "" && !(dev ?? devOptional ?? peer ?? false))
    .map(([path]) => path.replace("node_modules/", ""));
}

describe("the packed package", () => {
  const { size, unpackedSize, entryCount } = inject("packed").summary;

  // 220 kB of it are the tables that transliterate the words that outputs show, 60 kB are the board, and 60 kB are
  // conformance: its cases, its runner and its page.
  it("has a tarball of at most 1,960 kB", () => {
    expect(size).toBeLessThanOrEqual(1960 * KILOBYTE);
  });

  it("has at most 7,420 kB of unpacked files", () => {
    expect(unpackedSize).toBeLessThanOrEqual(7420 * KILOBYTE);
  });

  // The bundler puts code that the command and the server share into files of its own; four files are the board's.
  // One file holds the real timers, which the preload shares with them. Coverage has six: its command, exec, a server that
  // saves it and control each load only their part of it. Conformance has nineteen: a file of cases for each family, their
  // schema, an export with its types, and what its command shares with that export.
  it("has at most 137 files", () => {
    expect(entryCount).toBeLessThanOrEqual(137);
  });

  it("has a board of at most 120 kB, compressed as a browser loads it", () => {
    const files = ["board.js", "board.css", "icon.svg"].map((file) => readFileSync(join(ROOT, "dist/board", file)));
    const compressed = files.map((file) => gzipSync(file, { level: 9 }).length);
    expect(compressed.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(120 * KILOBYTE);
  });

  it("installs exactly three other packages", () => {
    expect(installedPackages()).toEqual(["better-sqlite3", "node-addon-api", "zod"]);
  });
});
