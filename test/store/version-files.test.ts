/** A file of every version of the schema opens with the present code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listenForTest } from "../support/server.ts";
import type { Exchange } from "./exchange.ts";
import { replay } from "./recording.ts";
import { copyOf, versionFiles, versions } from "./version-files.ts";

describe("the files of earlier versions", () => {
  it("are one for each version, with what it had; test/store/add-version-file.ts adds them", () => {
    const expected = versions.flatMap((version) => [`version-${version}.db`, `version-${version}.json`]);
    expect(readdirSync(versionFiles).sort()).toEqual(expected.sort());
  });

  it.each(versions)("of version %i opens with everything that it had", async (version) => {
    const server = await listenForTest({ data: copyOf(version) });
    const exchanges = JSON.parse(readFileSync(join(versionFiles, `version-${version}.json`), "utf8")) as Exchange[];
    expect(await replay(server.url, exchanges)).toMatchObject(exchanges);
  });
});
