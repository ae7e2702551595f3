/** Tests `fauxgen coverage` and the files that servers save for it. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startFauxgen } from "../../../src/index.ts";
import { endOf, runCommand } from "../../support/command.ts";
import { folderOf } from "../../support/folder.ts";
import { listenForTest } from "../../support/server.ts";

const ask = async (url: string, account = "main"): Promise<void> => {
  const authorization = `Bearer vvx_live_fx_w1_${account}`;
  await (await fetch(`${url}/api/v1/credits`, { headers: { authorization } })).text();
};

describe("a server with --coverage-dir", () => {
  it("saves its coverage in a file of its own when it closes, beside those of other servers", async () => {
    const folder = join(folderOf({}), "a", "b");
    const servers = await Promise.all([1, 2].map(() => listenForTest({ coverageDir: folder })));
    for (const { url, close } of servers) {
      await ask(url);
      await close();
    }
    const files = readdirSync(folder);
    expect(files).toHaveLength(2);
    for (const file of files)
      expect(JSON.parse(readFileSync(join(folder, file), "utf8"))).toMatchObject({
        format: "fauxgen-coverage",
        answers: [{ vendor: "vivix", operation: "getCredits", status: 200, count: 1 }],
      });
  });

  it("that is killed has saved what clients met until shortly before", async () => {
    const folder = folderOf({});
    const server = runCommand(["--port", "0", "--json", "--coverage-dir", folder]);
    const { url } = JSON.parse(await server.firstLine()) as { url: string };
    await ask(url);
    await expect
      .poll(
        () => readFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith(".json")) ?? ""), "utf8"),
        {
          timeout: 10_000,
        },
      )
      .toContain("getCredits");
    server.child.kill("SIGKILL");
    await server.ended;
    expect(await endOf(["coverage", folder])).toMatchObject({ code: 0, stdout: expect.stringContaining("1 of 6") });
  });

  it("stops with the name of the setting if the folder cannot be written", async () => {
    const folder = folderOf({ file: "" });
    const { code, stderr } = await endOf(["--port", "0", "--coverage-dir", join(folder, "file")]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^fauxgen: --coverage-dir: the folder cannot be written: /),
    });
  });

  it("is every server that the library starts while FAUXGEN_COVERAGE_DIR is set", async () => {
    const folder = folderOf({});
    vi.stubEnv("FAUXGEN_COVERAGE_DIR", folder);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const fauxgen = await startFauxgen();
    await ask(fauxgen.url);
    expect(await fauxgen.coverage()).toMatchObject({ sandbox: null, met: 1 });
    expect(await (await fauxgen.sandbox("w1")).coverage()).toMatchObject({ sandbox: "w1", met: 1 });
    await fauxgen.close();
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe("fauxgen coverage", () => {
  const folderWithTwo = async (): Promise<string> => {
    const folder = folderOf({});
    for (const account of ["main", "nobody-pays"]) {
      const { url, close } = await listenForTest({ coverageDir: folder });
      await ask(url, account);
      await (await fetch(`${url}/api/v1/credits`)).text();
      await close();
    }
    return folder;
  };

  it("adds up the servers of a folder, and fails below the minimum", async () => {
    const folder = await folderWithTwo();
    const { code, stdout } = await endOf(["coverage", folder, "--min-coverage", "33"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^coverage of the run: 2 of 6 \(33\.3 %\)/);
    expect(stdout).toMatch(/^ {2}met 2 times: 200\n {2}met 2 times: 401 UNAUTHORIZED$/m);
    expect(await endOf(["coverage", folder, "--min-coverage", "4xx=50"])).toMatchObject({
      code: 1,
      stderr: "fauxgen: coverage of 4xx is 20 % (1 of 5 answers), less than the 50 % of --min-coverage\n",
    });
  });

  it("writes JSON, Markdown and HTML", async () => {
    const folder = await folderWithTwo();
    const inForm = async (form: string): Promise<string> =>
      (await endOf(["coverage", folder, "--format", form])).stdout;
    expect(JSON.parse(await inForm("json"))).toMatchObject({ sandbox: null, answers: 4, rows: 6, met: 2 });
    expect(await inForm("markdown")).toMatch(/^## Coverage of the run\n/);
    expect(await inForm("html")).toMatch(/^<!doctype html>/);
  });

  it("keeps answers that this version does not list, and shows their names as text", async () => {
    const folder = await folderWithTwo();
    const [first = ""] = readdirSync(folder);
    const saved = JSON.parse(readFileSync(join(folder, first), "utf8")) as { answers: unknown[] };
    saved.answers.push({ vendor: "vivix", operation: "<script>alert(1)</script>", status: 200, count: 3 });
    writeFileSync(join(folder, first), JSON.stringify(saved));
    const { stdout } = await endOf(["coverage", folder, "--format", "html"]);
    expect(stdout).toContain("&#60;script&#62;alert(1)");
    expect(stdout).not.toContain("<script");
  });

  it("says which file or folder it cannot read", async () => {
    const folder = folderOf({ "coverage-1.json": "{", "other.json": "{}" });
    expect(await endOf(["coverage", folder])).toMatchObject({
      code: 1,
      stderr: `fauxgen: coverage: ${join(folder, "coverage-1.json")} is not a file of a server's coverage. Delete it, and run the tests anew.\n`,
    });
    const empty = folderOf({});
    expect(await endOf(["coverage", empty])).toMatchObject({
      code: 1,
      stderr: `fauxgen: coverage: ${empty} has no files coverage-*.json. Servers write them that run with FAUXGEN_COVERAGE_DIR=${empty}.\n`,
    });
    expect(await endOf(["coverage", join(empty, "missing")])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("cannot be read: ENOENT"),
    });
  });

  it("asks a running server without a folder, for its run or for one sandbox", async () => {
    const { url } = await listenForTest();
    await ask(url);
    expect(await endOf(["coverage", "--url", url])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^coverage of the run: 1 of 6/),
    });
    expect(await endOf(["coverage", "--url", url, "--sandbox", "w1"])).toMatchObject({
      stdout: expect.stringMatching(/^coverage of sandbox w1: 1 of 6/),
    });
    expect(await endOf(["coverage", "--url", url, "--sandbox", "w2"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No sandbox is called "w2"'),
    });
    expect(await endOf(["coverage", folderOf({}), "--sandbox", "w1"])).toMatchObject({ code: 2 });
  });
});
