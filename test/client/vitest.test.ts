/** Tests the vitest fixture by running the cases of `cases` in a vitest process of their own. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startFauxgen } from "../../src/index.ts";
import { folderOf } from "../support/folder.ts";
import { run } from "../support/run.ts";

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ title: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** Runs a user's test file in a separate vitest process. */
async function runCase(
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<z.output<typeof report> & { readonly stderr: string; readonly failures: Readonly<Record<string, string>> }> {
  const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
  const folder = fileURLToPath(new URL("cases/", import.meta.url));
  const output = join(folderOf({}), "results.json");
  const { stderr } = await run("node", [vitest, "run", "--reporter=json", `--outputFile=${output}`, file], folder, env);
  const parsed = report.parse(JSON.parse(readFileSync(output, "utf8")));
  const failed = parsed.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === "failed"),
  );
  const failures = Object.fromEntries(failed.map(({ title, failureMessages }) => [title, failureMessages?.[0] ?? ""]));
  return { ...parsed, stderr, failures };
}

describe("the vitest fixture", { timeout: 120_000 }, () => {
  it("gives each test its own sandbox, on a server that the worker starts", async () => {
    const { numPassedTests, failures, stderr } = await runCase("passing.case.ts");
    expect({ numPassedTests, failures, stderr }).toEqual({ numPassedTests: 5, failures: {}, stderr: "" });
  });

  it.each(["hasty.case.ts", "idle.case.ts"])("does not count its start towards a test's timeout: %s", async (file) => {
    const { numPassedTests, failures, stderr } = await runCase(file);
    expect({ numPassedTests, failures, stderr }).toEqual({ numPassedTests: 1, failures: {}, stderr: "" });
  });

  it("works while a test fakes its timers, with a server in the process and beside it", async () => {
    const { numPassedTests, failures } = await runCase("fake-timers.case.ts");
    expect({ numPassedTests, failures }).toEqual({ numPassedTests: 3, failures: {} });
    await using fauxgen = await startFauxgen();
    const beside = await runCase("fake-timers.case.ts", { FAUXGEN_URL: fauxgen.url });
    expect({ numPassedTests: beside.numPassedTests, failures: beside.failures }).toEqual({
      numPassedTests: 3,
      failures: {},
    });
  });

  it("uses the server of FAUXGEN_URL, and removes its sandboxes there", async () => {
    await using fauxgen = await startFauxgen();
    const { numPassedTests, failures } = await runCase("passing.case.ts", { FAUXGEN_URL: fauxgen.url });
    expect({ numPassedTests, failures }).toEqual({ numPassedTests: 5, failures: {} });
    expect(await fauxgen.sandboxes()).toEqual(["default"]);
  });

  it("prints the sandbox's report when a test fails, and fails a test whose sandbox is not settled", async () => {
    const { numPassedTests, failures, stderr } = await runCase("failing.case.ts");
    expect(numPassedTests).toBe(0);
    expect(Object.keys(failures)).toHaveLength(5);
    expect(failures["leaves a rule unused"]).toContain("rule-1 was never used: when");
    expect(failures["calls a route that does not exist"]).toContain(
      "POST /api/v1/generat matched no route of any vendor (got 404)",
    );
    expect(failures["leaves a request held"]).toContain("A request of main to vivix is still held, since ");
    expect(stderr).toMatch(/fails-[0-9a-f]{12}/);
    expect(failures["verifies what was not sent"]).toContain(
      'body.prompt is "a lighthouse", expected "something else"',
    );
  });

  it("prints no document of a problem and no log line after a failure, also as an annotation", async () => {
    const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
    const folder = fileURLToPath(new URL("cases/", import.meta.url));
    const reporters = ["--reporter=default", "--reporter=github-actions"];
    const { stdout, stderr } = await run("node", [vitest, "run", ...reporters, "failing.case.ts"], folder, {
      GITHUB_ACTIONS: "true",
    });
    const shown = `${stdout}${stderr}`;
    expect(shown).toContain("::error file=");
    expect(shown).not.toContain("Serialized Error");
    expect(shown).not.toMatch(/^\{"level"/m);
  });
});
