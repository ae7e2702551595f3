/** Bounds on the size of the package, a little above what it has. A change that needs more raises them, and says why. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { z } from "zod";

const KILOBYTE = 1000;

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean().optional(), devOptional: z.boolean().optional(), peer: z.boolean().optional() }),
  ),
});

/** The packages that an installation brings beside ours. */
function installedPackages(): string[] {
  const file = fileURLToPath(new URL("../../package-lock.json", import.meta.url));
  const { packages } = lockFile.parse(JSON.parse(readFileSync(file, "utf8")));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional, peer }]) => path !== "" && !(dev ?? devOptional ?? peer ?? false))
    .map(([path]) => path.replace("node_modules/", ""));
}

describe("the packed package", () => {
  const { size, unpackedSize, entryCount } = inject("packed").summary;

  it("is at most 1,450 kB to download", () => {
    expect(size).toBeLessThanOrEqual(1450 * KILOBYTE);
  });

  it("is at most 5,800 kB when it is unpacked", () => {
    expect(unpackedSize).toBeLessThanOrEqual(5800 * KILOBYTE);
  });

  it("has at most 100 files", () => {
    expect(entryCount).toBeLessThanOrEqual(100);
  });

  it("brings three packages with it", () => {
    expect(installedPackages()).toEqual(["better-sqlite3", "node-addon-api", "zod"]);
  });
});
