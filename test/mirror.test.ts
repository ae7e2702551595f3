/**
 * Tests that `test` mirrors `src`: the test of `src/a/b/c.ts` is `test/a/b/c.test.ts`, and a test of several files of a
 * folder is in the folder of the same name, with a file name that says its subject.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "./support/repository.ts";

/** Folders of `test` that mirror no folder of `src`, each with its reason. */
const SUITES: Readonly<Record<string, string>> = {
  bench: "it compares servers and tests no folder",
  "client/cases": "they are tests of a fictional user, which another test runs",
  container: "the Dockerfile and the compose file are outside src",
  contract: "it compares vendors with published responses and real clients",
  e2e: "it tests whole servers over sockets, partly in real time",
  "fifth-vendor": "it adds a vendor to a copy of src",
  fuzz: "it sends generated requests to every route",
  load: "it loads whole servers for minutes",
  package: "it tests the package that npm packs",
  repository: "it tests the repository's own files",
  security: "security concerns all folders",
  "store/files": "it has files that older versions wrote",
  support: "it has helpers for all tests",
  system: "it needs more than Node.js, and tests the installed product",
};

const filesIn = (folder: string): string[] =>
  readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(repository, folder).length + 1));

const sources = filesIn("src").filter((file) => file.endsWith(".ts"));
const isOfSuite = (file: string): boolean => Object.keys(SUITES).some((suite) => file.startsWith(`${suite}/`));
const mirrored = filesIn("test").filter((file) => dirname(file) !== "." && !isOfSuite(file));

/** Returns the area in which a name is searched: a layer, or a vendor. */
const areaOf = (file: string): string => /^vendors\/[a-z]+(?=\/)|^[a-z]+/.exec(file)?.[0] ?? "";

describe("the tests", () => {
  it("are in folders that src also has", () => {
    expect(mirrored.length).toBeGreaterThan(80);
    const strange = mirrored.map(dirname).filter((folder) => !existsSync(join(repository, "src", folder)));
    expect([...new Set(strange)]).toEqual([]);
  });

  it("have the name of a source file only in the same folder as that file", () => {
    const misplaced = mirrored
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => ({ file, source: file.replace(/\.test\.ts$/, ".ts") }))
      .filter(({ source }) => !sources.includes(source))
      .filter(({ source }) =>
        sources.some((each) => areaOf(each) === areaOf(source) && basename(each) === basename(source)),
      );
    expect(misplaced.map(({ file }) => file)).toEqual([]);
  });

  it("exist in every folder of src that has files", () => {
    const folders = new Set(sources.map(dirname).filter((folder) => folder !== "."));
    expect(folders.size).toBeGreaterThan(40);
    const tested = new Set(mirrored.filter((file) => file.endsWith(".test.ts")).map(dirname));
    expect([...folders].filter((folder) => !tested.has(folder))).toEqual([]);
  });
});

describe("a test folder without a folder in src", () => {
  it.each(Object.entries(SUITES))("may be %s, because %s", (suite) => {
    expect(existsSync(join(repository, "test", suite))).toBe(true);
    expect(existsSync(join(repository, "src", suite))).toBe(false);
  });
});
