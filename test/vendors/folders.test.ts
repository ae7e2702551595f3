/** Tests that the folders of all vendors have the same structure, so that a reader of one vendor knows them all. */
import { readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { vendors } from "../../src/vendors/index.ts";
import { repository, sourceFilesIn } from "../support/repository.ts";

/** Files at the top of a vendor that import its folders; the folders import the other files at the top. */
const COMPOSING = ["index.ts", "routes.ts", "outcomes.ts", "webhook.ts", "other-files.ts", "finish-reply.ts"];

/** Folders without schemas. */
const WITHOUT_SCHEMAS: Readonly<Record<string, string>> = {
  "oxen/events": "a stream of events has no body",
};

interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Returns the imports between a vendor's own files, by their paths below its folder. */
function importsOf(vendor: string): Edge[] {
  const root = join("src/vendors", vendor);
  return sourceFilesIn(root).flatMap((file) =>
    [...readFileSync(join(repository, file), "utf8").matchAll(/from "(\.[^"]+)";/g)]
      .map(([, target = ""]) => normalize(join(dirname(file), target)))
      .filter((target) => target.startsWith(`${root}/`))
      .map((target) => ({ from: file.slice(root.length + 1), to: target.slice(root.length + 1) })),
  );
}

const isAtTop = (file: string): boolean => dirname(file) === ".";

/** Returns the folders that one folder reaches by imports. */
function reachedFrom(folder: string, edges: readonly Edge[], seen = new Set<string>()): Set<string> {
  for (const { from, to } of edges.filter((edge) => dirname(edge.from) === folder)) {
    const next = dirname(to);
    if (isAtTop(to) || next === dirname(from) || seen.has(next)) continue;
    seen.add(next);
    reachedFrom(next, edges, seen);
  }
  return seen;
}

describe.each(vendors.map(({ name }) => name))("the folder of %s", (vendor) => {
  const files = sourceFilesIn(join("src/vendors", vendor)).map((file) => file.slice(`src/vendors/${vendor}/`.length));
  const folders = [...new Set(files.filter((file) => !isAtTop(file)).map(dirname))];
  const edges = importsOf(vendor);

  it("each folder of a resource has routes, outcomes and schemas", () => {
    const has = (folder: string, role: string): boolean =>
      files.some((file) => dirname(file) === folder && new RegExp(`^(?:[a-z]+-)?${role}\\.ts$`).test(basename(file)));
    const resources = ["", ...folders].map((folder) => folder || ".").filter((folder) => has(folder, "routes"));
    const without = resources.flatMap((folder) =>
      ["outcomes", "schemas"].filter((role) => !has(folder, role)).map((role) => `${folder} has no ${role}`),
    );
    const known = Object.keys(WITHOUT_SCHEMAS).map((folder) => `${folder.replace(`${vendor}/`, "")} has no schemas`);
    expect(without.filter((each) => !known.includes(each))).toEqual([]);
  });

  it("the folders of a vendor do not import each other in a cycle", () => {
    expect(edges.length).toBeGreaterThan(10);
    expect(folders.filter((folder) => reachedFrom(folder, edges).has(folder))).toEqual([]);
  });

  it("only the files that combine a vendor's folders import them from its top", () => {
    const knowing = edges.filter(({ from, to }) => isAtTop(from) && !isAtTop(to)).map(({ from }) => from);
    expect([...new Set(knowing)].filter((file) => !COMPOSING.includes(file))).toEqual([]);
  });
});
