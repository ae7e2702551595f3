/** Implements `npm run gen`, which deletes the generated files and writes them again. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedFiles, GENERATED_FOLDER } from "./generated-files.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

const files = await generatedFiles();
rmSync(root + GENERATED_FOLDER, { recursive: true, force: true });
for (const [path, content] of files) {
  mkdirSync(dirname(root + path), { recursive: true });
  writeFileSync(root + path, content);
}
