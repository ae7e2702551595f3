import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { vendors } from "../src/vendors/index.ts";
import { repository } from "./support/annotations.ts";
import { generatedFiles } from "./support/generated-files.ts";

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
