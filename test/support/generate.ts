/** Writes the files that are made from the code: `npm run gen`. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generatedFiles } from "./generated-files.ts";

for (const [path, content] of await generatedFiles())
  writeFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), content);
