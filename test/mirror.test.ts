/**
 * Tests stand where their subject does: the test of `src/a/b/c.ts` is `test/a/b/c.test.ts`, and a test about several
 * files of a folder lies in the folder of the same name and says its aspect in its own.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "./support/annotations.ts";

/** Folders of `test` that no folder of `src` is like, each with its reason; what is below them is theirs. */
const SUITES: Readonly<Record<string, string>> = {
  bench: "it compares servers and is about no folder",
  "client/cases": "they are the tests of an imagined user, which a test runs",
  container: "the Dockerfile and the compose file lie outside src",
  contract: "vendors are held against what is published of them and what their clients do",
  e2e: "it speaks to whole servers over sockets, some of it in real time",
  "fifth-vendor": "it adds a vendor to a copy of src",
  fuzz: "generated requests go to every route",
  load: "it loads whole servers for minutes",
  package: "it is about the package that npm packs",
  repository: "it is about the repository's own files and habits",
  security: "what nobody may get by is no folder's alone",
  "store/files": "they are files that older versions wrote",
  support: "helpers of all tests",
  system: "it needs more than Node.js, and is about the product as users have it",
};

const filesIn = (folder: string): string[] =>
  readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(repository, folder).length + 1));

const sources = filesIn("src").filter((file) => file.endsWith(".ts"));
const isOfSuite = (file: string): boolean => Object.keys(SUITES).some((suite) => file.startsWith(`${suite}/`));
const mirrored = filesIn("test").filter((file) => dirname(file) !== "." && !isOfSuite(file));

/** What a name is looked for in: a layer, or one vendor. */
const areaOf = (file: string): string => /^vendors\/[a-z]+(?=\/)|^[a-z]+/.exec(file)?.[0] ?? "";

describe("the tests", () => {
  it("lie in folders that src has too", () => {
    expect(mirrored.length).toBeGreaterThan(80);
    const strange = mirrored.map(dirname).filter((folder) => !existsSync(join(repository, "src", folder)));
    expect([...new Set(strange)]).toEqual([]);
  });

  it("bear the name of a source file only beside that file", () => {
    const misplaced = mirrored
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => ({ file, source: file.replace(/\.test\.ts$/, ".ts") }))
      .filter(({ source }) => !sources.includes(source))
      .filter(({ source }) =>
        sources.some((each) => areaOf(each) === areaOf(source) && basename(each) === basename(source)),
      );
    expect(misplaced.map(({ file }) => file)).toEqual([]);
  });
});

describe("a suite of its own", () => {
  it.each(Object.entries(SUITES))("is %s, because %s", (suite) => {
    expect(existsSync(join(repository, "test", suite))).toBe(true);
    expect(existsSync(join(repository, "src", suite))).toBe(false);
  });
});
