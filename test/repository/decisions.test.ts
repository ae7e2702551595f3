/** Checks that the records of `docs/decisions` are numbered, complete and listed in the index. */
import { globSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { linkedFiles, readPage, ROOT } from "./pages.ts";

const INDEX = "docs/decisions/README.md";
const records = globSync("docs/decisions/*.md", { cwd: ROOT })
  .filter((path) => path !== INDEX)
  .sort();

describe("the index of decisions", () => {
  it("lists each record once, in the order of its number, and nothing else", () => {
    const listed = linkedFiles(INDEX).filter((path) => /^docs\/decisions\/\d/.test(path));
    expect(listed).toEqual(records);
  });

  it("lists each record with its own title", () => {
    const titles = records.map((path) => /^# (.*)$/m.exec(readPage(path))?.[1]);
    const named = [...readPage(INDEX).matchAll(/^- \[([^\]]+)\]/gm)].map(([, name]) => name);
    expect(named).toEqual(titles);
  });
});

describe.each(records)("%s", (path) => {
  it("has the same unique number in its file name and its title", () => {
    const [, number = ""] = /^(\d{4})-[a-z0-9-]+\.md$/.exec(basename(path)) ?? [];
    expect(number).not.toBe("");
    expect(readPage(path)).toMatch(new RegExp(`^# ${number}: `));
    expect(records.filter((other) => basename(other).startsWith(number))).toEqual([path]);
  });

  it("has the sections Context, Decision and Consequences", () => {
    const parts = [...readPage(path).matchAll(/^## (.*)$/gm)].map(([, part]) => part);
    expect(parts).toEqual(["Context", "Decision", "Consequences"]);
  });
});
