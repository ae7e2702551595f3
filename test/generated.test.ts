import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { generatedFiles } from "./support/generated-files.ts";

const files = await generatedFiles();

it.each(files)("%s is what the code says; `npm run gen` writes it anew", (path, content) => {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  const committed = existsSync(file) ? readFileSync(file, "utf8") : "";
  // A whole document in a failed comparison would bury the few lines that differ.
  expect(firstDifference(committed, content)).toBeUndefined();
});

function firstDifference(committed: string, generated: string): object | undefined {
  if (committed === generated) return undefined;
  const [left, right] = [committed.split("\n"), generated.split("\n")];
  const index = right.findIndex((line, position) => line !== left[position]);
  return { line: index + 1, committed: left[index], generated: right[index] };
}
