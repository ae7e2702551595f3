/** Reads the Markdown pages of the repository and the links in them. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The paths of the Markdown pages, from the repository's root. */
export const pages = globSync(["*.md", ".github/**/*.md", "docs/**/*.md", "examples/*/*.md"], { cwd: ROOT }).sort();

export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** Returns the files of the repository that a page links to, as paths from the root. */
export function linkedFiles(path: string, text = readPage(path)): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => join(dirname(path), target.replace(/#.*$/, "")));
}
