/** Installs the packed package as a user does, with the package manager's usual messages. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { repository } from "../support/repository.ts";
import { run } from "../support/run.ts";

const manifest = z.object({ name: z.string(), scripts: z.record(z.string(), z.string()).optional() });

/** The scripts that npm runs, or warns of, when a package is installed. */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];

const { tarball, scratch } = inject("packed");

describe("an installation of the packed package in an empty project", { timeout: 120_000 }, () => {
  it("prints no warning and runs no script", async () => {
    const folder = join(scratch, "empty");
    mkdirSync(folder);
    writeFileSync(join(folder, "package.json"), "{}");
    const args = ["install", "--loglevel", "notice", "--foreground-scripts", "--no-audit", "--no-fund", tarball];
    const { code, stdout, stderr } = await run("npm", args, folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^\s*added \d+ packages in \S+\s*$/);

    const installed = globSync("node_modules/{*,@*/*}/package.json", { cwd: folder }).map((file) =>
      manifest.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))),
    );
    expect(installed.map(({ name }) => name)).toEqual(expect.arrayContaining(["fauxgen", "better-sqlite3", "zod"]));
    for (const { name, scripts = {} } of installed)
      expect({ name, scripts: INSTALL_SCRIPTS.filter((script) => script in scripts) }).toEqual({ name, scripts: [] });
  });

  it("prints no warning again from its lock file, once better-sqlite3's implied script is refused as the page says", async () => {
    const folder = join(scratch, "locked");
    mkdirSync(folder);
    const page = readFileSync(join(repository, "docs/containers.md"), "utf8");
    const [, advice = ""] = /`("allowScripts": \{[^}]*\})`/.exec(page) ?? [];
    writeFileSync(join(folder, "package.json"), `{${advice}}`);
    const npm = async (...args: string[]) =>
      run("npm", [...args, "--loglevel", "notice", "--foreground-scripts", "--no-audit", "--no-fund"], folder);
    expect(await npm("install", tarball)).toMatchObject({ code: 0, stderr: "" });
    expect(await npm("ci")).toMatchObject({ code: 0, stderr: "" });
    const program = 'require("better-sqlite3")(":memory:").close()';
    expect(await run("node", ["-e", program], folder)).toMatchObject({ code: 0, stderr: "" });
  });
});
