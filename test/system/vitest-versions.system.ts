/** Runs the fixture of the installed package on the oldest and the newest vitest that package.json accepts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { makeProject, ROOT } from "../package/packed.ts";
import { run } from "../support/run.ts";

/** `test.override`, which gives a suite its settings, is new in 4.1. */
const OLDEST = "4.1.0";
const NEWEST = "5";

const manifest = z.object({ peerDependencies: z.record(z.string(), z.string()) });

/** Reads a file of a user's tests, and lets it import the installed package instead of the sources. */
const caseOf = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../client/cases/${file}`, import.meta.url)), "utf8").replaceAll(
    "../../../src/client/vitest.ts",
    "fauxgen/vitest",
  );

/** A suite whose settings are given by `test.extend`; `passing.case.ts` gives them by `test.override`. */
const EXTENDED = `
import { expect } from "vitest";
import { test as base } from "fauxgen/vitest";

const test = base.extend({ sandboxSettings: { timing: "instant" } });
test("has the extended settings", async ({ sandbox }) => {
  const { id } = await sandbox.generations.create({ vendor: "vivix" });
  expect((await sandbox.generations.get(id)).phase).toBe("succeeded");
});
`;

const files = {
  "package.json": '{"type": "module"}',
  "vitest.config.js": 'export default { test: { include: ["*.case.ts"], testTimeout: 30000 } };',
  "app.ts": caseOf("app.ts"),
  "passing.case.ts": caseOf("passing.case.ts"),
  "fake-timers.case.ts": caseOf("fake-timers.case.ts"),
  "extended.case.ts": EXTENDED,
};

it("package.json accepts the versions of vitest from the oldest to the newest tested", () => {
  const { peerDependencies } = manifest.parse(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")));
  expect(peerDependencies["vitest"]).toBe(`^${OLDEST} || ^${NEWEST}.0.0`);
});

describe.each([OLDEST, NEWEST])("on vitest %s", (version) => {
  it("the fixture gives sandboxes, takes settings, and works under fake timers", { timeout: 240_000 }, async () => {
    const folder = await makeProject(inject("packed"), `vitest-${version}`, files, [`vitest@${version}`]);
    const { code, stdout, stderr } = await run("npx", ["--no-install", "vitest", "run"], folder, { NO_COLOR: "1" });
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(` v${version}`);
    expect(stdout).toMatch(/Tests +9 passed \(9\)/);
  });
});
