import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { vendors } from "../src/vendors/index.ts";
import { repository, sourceFilesIn } from "./support/annotations.ts";
import { generatedFiles } from "./support/generated-files.ts";

const page = (await generatedFiles()).find(([path]) => path === "docs/fidelity.md")?.[1] ?? "";

describe("the fidelity page", () => {
  it("links to tests and code that exist", () => {
    const links = [...new Set([...page.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, link = ""]) => link))];
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !existsSync(join(repository, "docs", link)))).toEqual([]);
  });

  it("names every test of routes beside what they answer", () => {
    const tests = sourceFilesIn("test/vendors").filter((path) => path.endsWith("/routes.test.ts"));
    expect(tests.length).toBeGreaterThan(10);
    expect(tests.filter((path) => !page.includes(`](../${path})`))).toEqual([]);
  });

  it.each(vendors.map((vendor) => ({ name: vendor.name, vendor })))(
    "has every operation that $name has an outcome for, with a source behind each answer",
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
