/** Reads the version of this package. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { packageRoot } from "./package-root.ts";

const manifest = z.object({ version: z.string() });

/** Returns the version in this package's package.json. */
export function readVersion(): string {
  const text = readFileSync(join(packageRoot, "package.json"), "utf8");
  return manifest.parse(JSON.parse(text)).version;
}
