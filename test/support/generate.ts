/** Implements `npm run gen`, which deletes the generated files and writes them again. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedFiles, GENERATED_FOLDERS } from "./generated-files.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const files = await generatedFiles();
const isStale = files.some(([path, content]) => path.startsWith("src/") && textOf(root + path) !== content);
for (const folder of GENERATED_FOLDERS) rmSync(root + folder, { recursive: true, force: true });
for (const [path, content] of files) {
  mkdirSync(dirname(root + path), { recursive: true });
  writeFileSync(root + path, content);
}
// The other files depend on the generated sources, and this process has loaded the stale ones.
if (isStale) execFileSync(process.execPath, [fileURLToPath(import.meta.url)], { stdio: "inherit" });

function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
