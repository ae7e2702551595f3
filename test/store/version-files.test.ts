/** Every version of the schema that was released has a file here, as that version wrote it. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { SCHEMA_VERSION } from "../../src/store/schema.ts";
import { listenForTest } from "../support/server.ts";
import { replay } from "./recording.ts";
import type { Exchange } from "./exchange.ts";

const files = fileURLToPath(new URL("files/", import.meta.url));
const versions = Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1);

/** A copy of a version's file, for one test. */
function copyOf(version: number): string {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-version-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const copy = join(folder, "copy.db");
  copyFileSync(join(files, `version-${version}.db`), copy);
  return copy;
}

describe("the files of earlier versions", () => {
  it("are one for each version, with what it has; test/store/add-version-file.ts adds them", () => {
    const expected = versions.flatMap((version) => [`version-${version}.db`, `version-${version}.json`]);
    expect(readdirSync(files).sort()).toEqual(expected.sort());
  });

  it.each(versions)("of version %i opens with everything that it had", async (version) => {
    const server = await listenForTest({ data: copyOf(version) });
    const exchanges = JSON.parse(readFileSync(join(files, `version-${version}.json`), "utf8")) as Exchange[];
    expect(await replay(server.url, exchanges)).toMatchObject(exchanges);
  });
});
