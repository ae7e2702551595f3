/** `docs/invariants.md`: each rule names what enforces it, and what it names is there. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linkedFiles, readPage, ROOT } from "./pages.ts";

const PAGE = "docs/invariants.md";

interface Invariant {
  readonly title: string;
  readonly enforcement: string;
  /** Files that enforce it. */
  readonly files: readonly string[];
  /** Rules by name, in a file that has several. */
  readonly rules: readonly { readonly name: string; readonly file: string }[];
}

/** The rules of a page: headings of the third level, whose last paragraph says what enforces them. */
function invariantsIn(text: string): Invariant[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [title = "", ...rest] = section.split(/^## /m, 1).join("").trimEnd().split("\n");
      const enforcement = rest.join("\n").split("\n\n").at(-1)?.replaceAll("\n", " ").trim() ?? "";
      const named = enforcement.matchAll(/`([^`]+)` in \[[^\]]+\]\(([^)]+)\)/g);
      return {
        title,
        enforcement,
        files: linkedFiles(PAGE, enforcement),
        rules: [...named].map(([, name = "", target = ""]) => ({ name, file: join("docs", target) })),
      };
    });
}

const invariants = invariantsIn(readPage(PAGE));

describe("docs/invariants.md", () => {
  it("has rules, each once", () => {
    const titles = invariants.map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(20);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each(invariants)("$title: names what enforces it, or says that nothing does yet", ({ enforcement, files }) => {
    expect(enforcement).toMatch(/^Enforced by: \S/);
    if (!enforcement.includes("not yet enforced")) expect(files).not.toEqual([]);
  });

  it.each(invariants.filter(({ files }) => files.length > 0))("$title: names files that exist", ({ files }) => {
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it.each(invariants.filter(({ rules }) => rules.length > 0))("$title: names rules that exist", ({ rules }) => {
    expect(rules.filter(({ name, file }) => !readPage(file).includes(name))).toEqual([]);
  });

  it.each(["test/architecture.test.ts", "eslint.config.js"])(
    "names each rule of %s that it speaks of by its name",
    (file) => {
      for (const { rules, files } of invariants.filter((invariant) => invariant.files.includes(file)))
        expect(rules.filter((rule) => rule.file === file)).toHaveLength(files.filter((each) => each === file).length);
    },
  );
});
