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
    expect(await replay(server.url, exchanges)).toMatchObject(exchanges);
  });
});
