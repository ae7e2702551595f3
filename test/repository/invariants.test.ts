/** Checks that each rule of `docs/invariants.md` names what enforces it, and that the named files and rules exist. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linkedFiles, readPage, ROOT } from "./pages.ts";

const PAGE = "docs/invariants.md";

interface Invariant {
  readonly title: string;
  readonly enforcement: string;
  /** The files that enforce the rule. */
  readonly files: readonly string[];
  /** The names of tests or lint rules, for files that contain several. */
  readonly rules: readonly { readonly name: string; readonly file: string }[];
}

/** Returns the rules of a page: its third-level headings. The last paragraph of each says what enforces the rule. */
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
  it("has no rule twice", () => {
    const titles = invariants.map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(20);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it.each(invariants)('"$title" names what enforces it or says "not yet enforced"', ({ enforcement, files }) => {
    expect(enforcement).toMatch(/^Enforced by: \S/);
    if (!enforcement.includes("not yet enforced")) expect(files).not.toEqual([]);
  });

  it.each(invariants.filter(({ files }) => files.length > 0))('"$title" names only existing files', ({ files }) => {
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it.each(invariants.filter(({ rules }) => rules.length > 0))('"$title" names only existing rules', ({ rules }) => {
    expect(rules.filter(({ name, file }) => !readPage(file).includes(name))).toEqual([]);
  });

  it.each(["test/architecture.test.ts", "eslint.config.js"])(
    "names a specific rule in every reference to %s",
    (file) => {
      for (const { rules, files } of invariants.filter((invariant) => invariant.files.includes(file)))
        expect(rules.filter((rule) => rule.file === file)).toHaveLength(files.filter((each) => each === file).length);
    },
  );
});
