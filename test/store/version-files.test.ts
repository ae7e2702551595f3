/** Tests that a file of every schema version opens with the current code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listenForTest } from "../support/server.ts";
import type { Exchange } from "./exchange.ts";
import { replay } from "./recording.ts";
import { copyOf, versionFiles, versions } from "./version-files.ts";

describe("for the files of earlier versions,", () => {
  it("every version has a file with its contents; test/store/add-version-file.ts adds one", () => {
    const expected = versions.flatMap((version) => [`version-${version}.db`, `version-${version}.json`]);
    expect(readdirSync(versionFiles).sort()).toEqual(expected.sort());
  });

  it.each(versions)("the file of version %i opens with all its contents", async (version) => {
    const server = await listenForTest({ data: copyOf(version) });
    const exchanges = JSON.parse(readFileSync(join(versionFiles, `version-${version}.json`), "utf8")) as Exchange[];
    const replayed = await replay(server.url, exchanges);
    expect(withVendorsOf(exchanges, replayed)).toMatchObject(exchanges);
  });

  it.each(versions)("the check of all that the file of version %i holds finds no damage", async (version) => {
    const server = await listenForTest({ data: copyOf(version) });
    const read = async (path: string) => {
      const response = await fetch(`${server.url}/_fauxgen/sandboxes${path}`);
      return { status: response.status, body: (await response.json()) as unknown };
    };
    const { items } = (await read("")).body as { items: { name: string; generations: number }[] };
    expect(items.some(({ generations }) => generations > 5)).toBe(true);
    for (const { name } of items) expect(await read(`/${name}`)).toMatchObject({ status: 200, body: { name } });
  });
});

/** Removes the vendors from all lists of vendors that are newer than the recording, because it cannot list them. */
function withVendorsOf(recording: readonly Exchange[], replayed: readonly Exchange[]): unknown {
  const known = new Set(vendorListsIn(recording).flat());
  return JSON.parse(JSON.stringify(replayed), (name, value: unknown) =>
    name === "vendors" && Array.isArray(value) ? value.filter((vendor) => known.has(vendor)) : value,
  );
}

/** Returns every list with the name `vendors`, at any depth. */
function vendorListsIn(value: unknown): unknown[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "vendors" && Array.isArray(member) ? [member as unknown[]] : vendorListsIn(member),
  );
}
