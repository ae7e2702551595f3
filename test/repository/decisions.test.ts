/** `docs/decisions`: numbered records, and an index that has each of them. */
import { globSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { linkedFiles, readPage, ROOT } from "./pages.ts";

const INDEX = "docs/decisions/README.md";
const records = globSync("docs/decisions/*.md", { cwd: ROOT })
  .filter((path) => path !== INDEX)
  .sort();

describe("the index of decisions", () => {
  it("has each record once, in the order of its number, and no other", () => {
    const listed = linkedFiles(INDEX).filter((path) => /^docs\/decisions\/\d/.test(path));
    expect(listed).toEqual(records);
  });

  it("calls each record what its own title does", () => {
    const titles = records.map((path) => /^# (.*)$/m.exec(readPage(path))?.[1]);
    const named = [...readPage(INDEX).matchAll(/^- \[([^\]]+)\]/gm)].map(([, name]) => name);
    expect(named).toEqual(titles);
  });
});

describe.each(records)("%s", (path) => {
  it("has its number in its name and its title", () => {
    const [, number = ""] = /^(\d{4})-[a-z0-9-]+\.md$/.exec(basename(path)) ?? [];
    expect(number).not.toBe("");
    expect(readPage(path)).toMatch(new RegExp(`^# ${number}: `));
    expect(records.filter((other) => basename(other).startsWith(number))).toEqual([path]);
  });

  it("says what the situation was, what was chosen and what follows", () => {
    const parts = [...readPage(path).matchAll(/^## (.*)$/gm)].map(([, part]) => part);
    expect(parts).toEqual(["Context", "Decision", "Consequences"]);
  });
});
