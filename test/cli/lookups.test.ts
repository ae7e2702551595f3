/** Tests the commands that describe the emulator: `fauxgen scenarios` and `fauxgen operations`. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeOperations } from "../../src/cli/operations.ts";
import { describeScenarios } from "../../src/cli/scenarios.ts";
import { lineOf, tail } from "../../src/cli/tail.ts";
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
  it("prints a line for each transition until it is stopped", async () => {
    await using fauxgen = await startFauxgen();
    const sandbox = await fauxgen.sandbox("tailed", { timing: "instant" });
    const stop = new AbortController();
    const lines: string[] = [];
    const following = tail({ url: fauxgen.url, token: undefined, sandbox: undefined }, stop.signal, (line) => {
      lines.push(line);
      if (line.includes("-> succeeded")) stop.abort();
    });
    let isOver = false;
    void following.finally(() => (isOver = true));
    while (!isOver) await sandbox.generations.create({ vendor: "vivix" });
    await following;
    expect(lines.at(-1)).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} tailed {2}vivix {4}generation [0-9a-f-]{36} processing -> succeeded$/,
    );
  });

  it.each([
    {
      event: {
        kind: "request.finished",
        vendor: "sync",
        operation: "getGeneration",
        url: "/v2/generate/1",
        status: 200,
      },
      line: "10:00:00.000 w1  sync     getGeneration /v2/generate/1 -> 200",
    },
    {
      event: { kind: "request.finished", vendor: undefined, url: "/v3", state: "gone", label: "x" },
      line: "10:00:00.000 w1  -        no route /v3 -> gone [x]",
    },
    {
      event: {
        kind: "delivery.changed",
        vendor: "vivix",
        event: "generation.completed",
        url: "http://a/",
        status: "failed",
      },
      line: "10:00:00.000 w1  vivix    webhook generation.completed to http://a/ failed",
    },
  ])("formats an event as: $line", ({ event, line }) => {
    expect(lineOf({ sandbox: "w1", at: "2030-01-01T10:00:00.000Z", ...event })).toBe(line);
  });

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
