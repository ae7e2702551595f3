/** Installs the packed package as a user does, with the package manager's usual messages. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { z } from "zod";
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
});
