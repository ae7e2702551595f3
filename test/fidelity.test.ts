/** Tests that the fidelity pages are complete and have no dead link, and that the code and its list of choices agree. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { diagnosticCodes, pageOf } from "../src/http/journal/diagnostics.ts";
import { vendors } from "../src/vendors/index.ts";
import { generatedFiles } from "./support/generated-files.ts";
import { repository, sourceFilesIn } from "./support/repository.ts";

const pages = new Map((await generatedFiles()).filter(([path]) => path.startsWith("docs/fidelity")));
const pageOfVendor = (name: string): string => pages.get(`docs/fidelity/${name}.md`) ?? "";

/** Returns the anchors of a page: those of its headings, and its own. */
function anchorsOf(page: string): Set<string> {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, text = ""]) => text.toLowerCase().replaceAll(" ", "-"));
  return new Set([...headings, ...[...page.matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id)]);
}

describe("the fidelity pages", () => {
  it("link only to existing tests, code, pages and anchors", () => {
    const links = [...pages].flatMap(([path, page]) =>
      [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => ({ path, link })),
    );
    expect(links.length).toBeGreaterThan(100);
    const dead = links.filter(({ path, link }) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      const page = pages.get(target);
      if (page === undefined) return !existsSync(join(repository, target));
      return anchor !== undefined && !anchorsOf(page).has(anchor);
    });
    expect(dead).toEqual([]);
  });

  it("link to every test of a vendor's routes", () => {
    const tests = globSync("test/vendors/**/*routes.test.ts", { cwd: repository });
    expect(tests.length).toBeGreaterThan(10);
    const all = [...pages.values()].join("");
    expect(tests.filter((path) => !all.includes(`(../../${path})`))).toEqual([]);
  });

  it("begin with an overview of one screen that links to the page of each vendor", () => {
    const overview = pages.get("docs/fidelity.md") ?? "";
    expect(overview.split("\n").length).toBeLessThanOrEqual(36);
    expect(vendors.filter(({ name }) => !overview.includes(`(fidelity/${name}.md)`))).toEqual([]);
  });

  it.each(vendors.map((vendor) => ({ name: vendor.name, vendor })))(
    "have a row for each answer of $name, with a source, a request that provokes it, a test, and an anchor of its own",
    ({ name, vendor }) => {
      const rows = pageOfVendor(name)
        .split("\n")
        .filter((line) => line.startsWith('| <a id="'));
      expect(rows).toHaveLength(vendor.outcomes.length);
      for (const row of rows)
        expect(row).toMatch(
          /^\| <a id="[a-z0-9-]+"><\/a>[1-5]\d\d.* \| (?:seed|doc|sdk|client|inferred) \| .*`[A-Z]+ \/.* \| \[conformance\]/,
        );
      const ids = rows.map((row) => /id="([^"]+)"/.exec(row)?.[1]);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  it.each(vendors.map((vendor) => ({ name: vendor.name, vendor })))(
    "have the anchors to which diagnostics of $name link",
    ({ name, vendor }) => {
      const operations = new Set(vendor.outcomes.map(({ operation }) => operation));
      const links = diagnosticCodes.flatMap((code) =>
        [undefined, ...operations].map((operation) => pageOf(code, name, operation)),
      );
      const linked = new Set(links.filter((link) => link !== undefined));
      expect(linked.size).toBeGreaterThan(operations.size);
      const anchors = anchorsOf(pageOfVendor(name));
      expect([...linked].filter((link) => !anchors.has(link.slice(`docs/fidelity/${name}.md#`.length)))).toEqual([]);
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
