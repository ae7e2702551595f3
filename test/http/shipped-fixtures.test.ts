import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { packageRoot } from "../../src/platform/package-root.ts";
import { vendors } from "../../src/vendors/index.ts";

/** A start leaves out of our own items what takes long to check, so it is checked here. */
describe("the catalogues of the package", () => {
  test.each(vendors.flatMap(({ fixtures }) => fixtures))("$name passes every check of its items", ({ name, item }) => {
    const items: unknown = JSON.parse(readFileSync(join(packageRoot, "fixtures", `${name}.json`), "utf8"));
    const { error } = z.array(item).min(1).safeParse(items);
    expect(error?.issues).toBeUndefined();
  });
});
