/** Tests the commands that describe the emulator: `fauxgen scenarios` and `fauxgen operations`. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeOperations } from "../../src/cli/operations.ts";
import { describeScenarios } from "../../src/cli/scenarios.ts";
import { builtInScenarios } from "../../src/engine/scenario/built-in.ts";
import { readScenarios } from "../../src/fixtures/shipped-scenarios.ts";
import { packageRoot } from "../../src/platform/package-root.ts";
import { startFauxgen } from "../../src/index.ts";
import { vendors } from "../../src/vendors/index.ts";
import { endOf } from "../support/command.ts";
import { folderOf } from "../support/folder.ts";

describe("fauxgen scenarios", () => {
  it("shows each vendor's status response after each scenario", async () => {
    const shown = await describeScenarios("vivix");
    expect(shown).toMatch(/^Vivix Atelier\n/);
    expect(shown).toMatch(/^ {2}succeed +200 status=completed$/m);
    expect(shown).toMatch(/^ {2}fail +200 status=failed error=PROVIDER_ERROR /m);
    expect(shown).toMatch(/^ {2}reject +-$/m);
    expect(shown).toMatch(/^ {2}error +refused: 500 /m);
    expect(shown).toMatch(/^ {2}stuck +Starts and never ends$/m);
  });
});

describe("ready-made scenarios", () => {
  const shipped = readScenarios([...builtInScenarios]).slice(builtInScenarios.length);

  it("are shown with their summary and what clients see, as are the scenarios of --fixtures", async () => {
    const fixtures = folderOf({ "scenarios/no-toner.json": '{"summary": "Out of toner", "extends": "fail"}' });
    const shown = await describeScenarios("vivix", fixtures);
    expect(shipped).toHaveLength(10);
    for (const { name, summary } of shipped) {
      expect(shown).toMatch(new RegExp(`^ {2}${name} +(?:200|not answered|create not answered)`, "m"));
      expect(shown).toMatch(new RegExp(`^ {2}${name} +${summary}$`, "m"));
    }
    expect(shown).toMatch(/^ {2}flaky-network +not answered, then 500 .*, then 200 status=completed$/m);
    expect(shown).toMatch(/^ {2}no-toner +200 status=failed /m);
    expect(shown).toMatch(/^ {2}no-toner +Out of toner$/m);
  });

  it("cannot be shown if the --fixtures folder does not exist", async () => {
    const { code, stderr } = await endOf(["scenarios", "--fixtures", "nowhere"]);
    expect(code).toBe(2);
    expect(stderr).toContain("there is no such file or folder");
  });

  it("are listed in docs/testing.md with their own summaries", () => {
    const page = readFileSync(`${packageRoot}docs/testing.md`, "utf8");
    const listed = /## Ready-made scenarios\n(.*?)\n## /s.exec(page)?.[1] ?? "";
    expect(listed.match(/^- .*$/gm)).toEqual(shipped.map(({ name, summary }) => `- \`${name}\`: ${summary}.`));
  });
});

describe("fauxgen operations", () => {
  it("lists every operation with its routes", async () => {
    const shown = await describeOperations(undefined);
    for (const { name } of vendors) expect(shown).toMatch(new RegExp(`^  ${name} +createGeneration +POST +/`, "m"));
    expect(await describeOperations("vivix")).not.toContain("sync");
  });

  it("lists the vendors when --vendor is mistyped", async () => {
    const { code, stderr } = await endOf(["operations", "--vendor", "viv"]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `fauxgen: --vendor: no vendor "viv". The vendors are: ${vendors.map(({ name }) => name).join(", ")}.\n`,
    });
  });
});

describe("fauxgen tail", () => {
  it.each(["tail", "report"])("fauxgen %s refuses a missing sandbox, and does not create it", async (command) => {
    await using fauxgen = await startFauxgen();
    await fauxgen.sandbox("checkout");
    const { code, stdout, stderr } = await endOf([command, "--url", fauxgen.url, "--sandbox", "chekcout"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^fauxgen: No sandbox is called "chekcout"\. Did you mean checkout\? .*\n$/);
    expect(await fauxgen.sandboxes()).toEqual(["default", "checkout"]);
  });

  it("accepts the sandbox as an argument", async () => {
    await using fauxgen = await startFauxgen();
    const { code, stderr } = await endOf(["tail", "--url", fauxgen.url, "nope"]);
    expect(code).toBe(1);
    expect(stderr).toContain('"nope"');
  });

  it("exits with 1 and names the URL if no server answers", async () => {
    const { code, stderr } = await endOf(["tail", "--url", "http://127.0.0.1:9"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^fauxgen: No fauxgen server answers at http:\/\/127\.0\.0\.1:9: .*\n$/);
  });
});
