/** Checks the links between the pages of the repository. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { linkedFiles, pages, ROOT } from "./pages.ts";

it.each(pages)("%s links only to existing files", (page) => {
  expect(linkedFiles(page).filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

it("linkedFiles finds a dead link, and ignores web links and anchors", () => {
  expect(linkedFiles("docs/page.md", "[a](none.md#part) [b](https://example.com/) [c](#part)")).toEqual([
    "docs/none.md",
  ]);
});

it.each(["docs/contributing.md", "README.md"])("%s links to the invariants and the decisions", (page) => {
  expect(linkedFiles(page)).toEqual(expect.arrayContaining(["docs/invariants.md", "docs/decisions/README.md"]));
});

it("README.md links to every page of docs, directly or through one other page", () => {
  const own = pages.filter((page) => /^docs\/[^/]+\.md$/.test(page));
  const reached = new Set(
    linkedFiles("README.md").flatMap((page) => [page, ...(page.endsWith(".md") ? linkedFiles(page) : [])]),
  );
  expect(own.filter((page) => !reached.has(page))).toEqual([]);
});
