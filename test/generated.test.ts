/** Tests that the generated files are committed as the code generates them: none is stale, missing or superfluous. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { generatedFiles, GENERATED_FOLDERS } from "./support/generated-files.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const files = await generatedFiles();

/** Returns the first line in which two texts differ; undefined if they are the same. */
function firstDifference(committed: string | undefined, generated: string): object | undefined {
  if (committed === generated) return undefined;
  if (committed === undefined) return { line: 1, committed: "no such file", generated: generated.split("\n", 1)[0] };
  const [left, right] = [committed.split("\n"), generated.split("\n")];
  const index = Array.from({ length: Math.max(left.length, right.length) }).findIndex(
    (_, position) => left[position] !== right[position],
  );
  return { line: index + 1, committed: left[index], generated: right[index] };
}

describe("generated files", () => {
  it.each(files)("%s is up to date; `npm run gen` updates it", (path, content) => {
    const committed = existsSync(root + path) ? readFileSync(root + path, "utf8") : undefined;
    // A comparison of whole documents would hide the few lines that differ.
    expect(firstDifference(committed, content)).toBeUndefined();
  });

  it.each(GENERATED_FOLDERS)("are the only files in %s; `npm run gen` deletes stale files", (folder) => {
    const committed = globSync(`${folder}/**/*.*`, { cwd: root });
    const made = files.map(([path]) => path).filter((path) => path.startsWith(`${folder}/`));
    expect(committed.sort()).toEqual(made.sort());
  });
});

describe("the comparison of a committed file with the generated text", () => {
  it.each([
    ["that is the same", "a\nb\n", undefined],
    ["with another line", "a\nc\n", { line: 2, committed: "c", generated: "b" }],
    ["with an additional line", "a\nb\n\n", { line: 4, committed: "", generated: undefined }],
    ["that ends early", "a\n", { line: 2, committed: "", generated: "b" }],
    ["that is missing", undefined, { line: 1, committed: "no such file", generated: "a" }],
  ])("finds the first difference of a file %s", (_case, committed, difference) => {
    expect(firstDifference(committed, "a\nb\n")).toEqual(difference);
  });
});
