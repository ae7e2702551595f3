/** Tests that docs/fidelity.md has no dead link, and that the code and its list of choices agree. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { vendors } from "../src/vendors/index.ts";
import { generatedFiles } from "./support/generated-files.ts";
import { repository, sourceFilesIn } from "./support/repository.ts";

const page = (await generatedFiles()).find(([path]) => path === "docs/fidelity.md")?.[1] ?? "";

describe("the fidelity page", () => {
  it("links only to existing tests and code", () => {
    const links = [...new Set([...page.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, link = ""]) => link))];
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !existsSync(join(repository, "docs", link)))).toEqual([]);
  });

  it("links to every test of a vendor's routes", () => {
    const tests = globSync("test/vendors/**/*routes.test.ts", { cwd: repository });
    expect(tests.length).toBeGreaterThan(10);
    expect(tests.filter((path) => !page.includes(`(../${path})`))).toEqual([]);
  });

  it.each(vendors.map((vendor) => ({ name: vendor.name, vendor })))(
    "lists every operation of $name that has an outcome, with a source for each answer",
    ({ vendor }) => {
      const start = page.indexOf(`(\`${vendor.name}\`)`);
      const section = page.slice(start, page.indexOf("\n## ", start));
      const rows = section.split("\n").filter((line) => /^\| `[A-Z]+ \//.test(line));
      const operations = new Set(rows.map((row) => row.split(" | ")[1]));
      expect(vendor.outcomes.map(({ operation }) => operation).filter((each) => !operations.has(each))).toEqual([]);
      for (const row of rows.filter((each) => !each.includes("not provoked")))
        expect(row).toMatch(/\[(?:seed|doc|sdk|client|inferred)/);
    },
  );
});

/** A tag that marks a choice in a comment: `[inferred]`, `[inferred: why]`, `[doc: what; inferred: what]`. */
const INFERRED_TAG = /\[[^\]"]*\binferred\b/;

describe("choices.ts", () => {
  it.each(vendors.map(({ name, choices = [] }) => ({ name, choices })))(
    "of $name has a row for every file with an [inferred] tag, and for no other file",
    ({ name, choices }) => {
      const folder = `src/vendors/${name}`;
      const tagged = sourceFilesIn(folder)
        .filter((file) => INFERRED_TAG.test(readFileSync(join(repository, file), "utf8")))
        .map((file) => file.slice(`${folder}/`.length));
      expect([...new Set(choices.map(({ file }) => file))].sort()).toEqual(tagged.sort());
    },
  );

  it("of all vendors has no sentence twice", () => {
    const sentences = vendors.flatMap(({ choices = [] }) => choices.map(({ choice }) => choice));
    expect(sentences.length).toBeGreaterThan(100);
    expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
  });
});
