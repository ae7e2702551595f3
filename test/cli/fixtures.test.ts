/**
 * Tests that `fauxgen validate` reports the mistakes in a folder, and that `fauxgen apply` sends it to a running
 * server.
 */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { endOf } from "../support/command.ts";
import { folderOf, usableFiles } from "../support/folder.ts";
import { listenForTest } from "../support/server.ts";

/** The timeout is long because each test starts processes, which takes seconds on a busy machine. */
describe("fauxgen validate", { timeout: 60_000 }, () => {
  it("exits with 0 and summarises a folder without mistakes", async () => {
    const folder = folderOf(usableFiles);
    expect(await endOf(["validate", folder])).toMatchObject({
      code: 0,
      stdout: `${folder}: 1 models of vivix, 1 scenario, 2 rules, 2 accounts; no mistakes\n`,
      stderr: "",
    });
  });

  it("exits with 1 and prints a line for each mistake, or JSON with --json", async () => {
    const folder = folderOf({ ...usableFiles, "rules.yaml": "- scenaro: fail\n", "media/a.png": "", "rule.yaml": "" });
    const shown = await endOf(["validate", folder]);
    expect(shown.code).toBe(1);
    expect(shown.stdout.split("\n").slice(0, 2)).toEqual([
      `${join(folder, "rule.yaml")}: fixtures have no rule.yaml. Did you mean rules.yaml?`,
      `${join(folder, "rules.yaml")}:1: 0.scenaro: there is no such field. Did you mean scenario?`,
    ]);
    expect(shown.stdout).toContain(`${join(folder, "media/a.png")}: name it image, video or audio`);
    const { code, stdout } = await endOf(["validate", folder, "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      problems: [{ line: null }, { file: join(folder, "rules.yaml"), line: 1 }, { line: null }],
    });
  });

  it("exits with 2 if no path is given or the path does not exist", async () => {
    expect((await endOf(["validate"])).code).toBe(2);
    expect(await endOf(["validate", "/nowhere/at-all"])).toMatchObject({
      code: 2,
      stderr: "fauxgen: /nowhere/at-all: there is no such file or folder\n",
    });
  });

  it("checks a single file of a folder", async () => {
    const folder = folderOf({ "accounts.yaml": "main:\n  keyz: []\n" });
    expect((await endOf(["validate", join(folder, "accounts.yaml")])).stdout).toContain("accounts.yaml:2: main.keyz: ");
  });
});

describe("fauxgen apply", { timeout: 60_000 }, () => {
  it("applies a folder to a sandbox of a running server, with the same result a second time", async () => {
    const server = await listenForTest();
    const folder = folderOf({ ...usableFiles, "media/video.mp4": "\u0000\u0000\u0000\u0018ftypmp42" });
    for (const _round of [1, 2]) {
      const { code, stdout, stderr } = await endOf(["apply", folder, "--url", server.url, "--sandbox", "mine"]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toBe(
        `applied to sandbox mine of ${server.url}: 1 models of vivix, 1 scenario, 2 rules, 2 accounts\nnot applied: 1 media file; media are those of every sandbox, so send them with --all\n`,
      );
    }
    const made = await fetch(`${server.url}/api/v1/generate`, {
      method: "POST",
      headers: { authorization: "Bearer vvx_live_fx_mine_other", "content-type": "application/json" },
      body: JSON.stringify({ model: "my-model", prompt: "a boat" }),
    });
    expect({ status: made.status, scenario: made.headers.get("x-fauxgen-scenario") }).toMatchObject({
      status: 201,
      scenario: expect.stringContaining("very-slow") as unknown,
    });
  });

  it("applies a folder to every sandbox with --all, with its media, and names the line that the server refuses", async () => {
    const server = await listenForTest();
    const folder = folderOf({ ...usableFiles, "media/video.mp4": "\u0000\u0000\u0000\u0018ftypmp42" });
    expect(await endOf(["apply", folder, "--url", server.url, "--all"])).toMatchObject({
      code: 0,
      stderr: "",
      stdout: `applied to every sandbox of ${server.url}: 1 models of vivix, 1 scenario, 2 rules, 2 accounts, 1 media file\n`,
    });
    const template = (await (await fetch(`${server.url}/_fauxgen/template`)).json()) as Record<string, unknown>;
    expect(template).toMatchObject({ isSent: true, media: [{ name: "video.mp4", sizeBytes: 12 }] });
    const made = await fetch(`${server.url}/api/v1/generate`, {
      method: "POST",
      headers: { authorization: "Bearer vvx_live_fx_unseen_other", "content-type": "application/json" },
      body: JSON.stringify({ model: "my-model", prompt: "a boat" }),
    });
    expect(made.headers.get("x-fauxgen-scenario")).toContain("very-slow");

    const refused = await endOf(["apply", join(folder, "rules.yaml"), "--url", server.url, "--all"]);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("rules.yaml:2: 0.scenario: ") as unknown,
    });
    expect(await endOf(["apply", folder, "--all", "--sandbox", "mine"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--all") as unknown,
    });
  });

  it("applies a single file, and names the line that the server refuses", async () => {
    const server = await listenForTest();
    const folder = folderOf(usableFiles);
    const { code, stderr } = await endOf(["apply", join(folder, "rules.yaml"), "--url", server.url]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^fauxgen: nothing was applied:\n.*rules\.yaml:2: 0\.scenario: no scenario "very-slow"/,
      ) as unknown,
    });
  });

  it("exits with 1 if a key is taken, the folder has mistakes, or no server answers", async () => {
    const server = await listenForTest();
    const folder = folderOf(usableFiles);
    expect((await endOf(["apply", folder, "--url", server.url])).code).toBe(0);
    const taken = await endOf(["apply", folder, "--url", server.url, "--sandbox", "second"]);
    expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining("belongs to account main") as unknown });
    const nobody = await endOf(["apply", folder, "--url", "http://127.0.0.1:1"]);
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining("No fauxgen server answers") as unknown });
    const broken = await endOf(["apply", folderOf({ "rules.yaml": "- 3" }), "--url", server.url]);
    expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining("rules.yaml:1: ") as unknown });
  });
});

describe("fauxgen --fixtures", { timeout: 60_000 }, () => {
  it("exits with 2 and prints the mistakes of the folder", async () => {
    const folder = folderOf({ "rules.yaml": "- scenario: fial\n" });
    expect(await endOf(["--port", "0", "--fixtures", folder])).toMatchObject({
      code: 2,
      stderr: `fauxgen: ${join(folder, "rules.yaml")}:1: 0.scenario: no scenario "fial". Did you mean fail?\n`,
    });
  });
});
