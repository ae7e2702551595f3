/** Vendors' folders are alike, so that a reader who knows one knows them all. */
import { readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { vendors } from "../../src/vendors/index.ts";
import { repository, sourceFilesIn } from "../support/annotations.ts";

/** Files at the top of a vendor that put its folders together; the others are what the folders stand on. */
const COMPOSING = ["index.ts", "routes.ts", "outcomes.ts", "webhook.ts", "other-files.ts", "finish-reply.ts"];

/** Folders without schemas. */
const WITHOUT_SCHEMAS: Readonly<Record<string, string>> = {
  "oxen/events": "a stream of events has no body",
};

interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The imports between a vendor's own files, by their paths below its folder. */
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

/** The folders that can be reached from one by imports. */
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

  it("has routes, outcomes and schemas in each folder of a resource", () => {
    const has = (folder: string, role: string): boolean =>
      files.some((file) => dirname(file) === folder && new RegExp(`^(?:[a-z]+-)?${role}\\.ts$`).test(basename(file)));
    const resources = ["", ...folders].map((folder) => folder || ".").filter((folder) => has(folder, "routes"));
    const without = resources.flatMap((folder) =>
      ["outcomes", "schemas"].filter((role) => !has(folder, role)).map((role) => `${folder} has no ${role}`),
    );
    const known = Object.keys(WITHOUT_SCHEMAS).map((folder) => `${folder.replace(`${vendor}/`, "")} has no schemas`);
    expect(without.filter((each) => !known.includes(each))).toEqual([]);
  });

  it("has folders that import each other one way", () => {
    expect(edges.length).toBeGreaterThan(10);
    expect(folders.filter((folder) => reachedFrom(folder, edges).has(folder))).toEqual([]);
  });

  it("has files at its top that know no folder, but for those that put the folders together", () => {
    const knowing = edges.filter(({ from, to }) => isAtTop(from) && !isAtTop(to)).map(({ from }) => from);
    expect([...new Set(knowing)].filter((file) => !COMPOSING.includes(file))).toEqual([]);
  });
});
