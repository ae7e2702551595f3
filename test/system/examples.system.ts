/** Runs each example in a new project with the packed package installed, as a new user does. */
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, it } from "vitest";
import { makeProject } from "../package/packed.ts";
import { run } from "../support/run.ts";

const CHROMIUM = "/usr/bin/chromium";
const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

const packed = inject("packed");

/** Creates a project with the example's files and its dependencies. */
async function copyOf(name: string, packages: readonly string[] = []): Promise<string> {
  const files = name === "jest" || name === "playwright" ? {} : { "package.json": `{"type": "module"}` };
  const folder = join(packed.scratch, name);
  cpSync(example(name), folder, { recursive: true });
  await makeProject(packed, name, files, packages);
  return folder;
}

it("the example for vitest passes its four tests", async () => {
  const { code, stdout, stderr } = await run(
    "npx",
    ["--no-install", "vitest", "run"],
    await copyOf("vitest", ["vitest"]),
  );
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/4 passed/);
}, 120_000);

it("the example for Jest passes its three tests", async () => {
  const { code, stdout, stderr } = await run("npm", ["test"], await copyOf("jest"));
  expect(code, stdout + stderr).toBe(0);
  expect(stderr).toMatch(/3 passed/);
}, 120_000);

it("the example for the shell prints three passed checks", async () => {
  const args = ["--no-install", "fauxgen", "exec", "--timing", "instant", "--", "sh", "test.sh"];
  const { code, stdout, stderr } = await run("npx", args, await copyOf("shell"));
  expect({ code, stdout }, stderr).toEqual({
    code: 0,
    stdout: [
      "ok: saves the picture",
      "ok: prints the reason of a failure, and saves nothing",
      "ok: sends two creates in all",
      "",
    ].join("\n"),
  });
}, 120_000);

it("the example for Playwright passes its two tests in a browser", async () => {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is needed: apt-get install chromium`);
  const folder = await copyOf("playwright");
  const { code, stdout, stderr } = await run("env", [`CHROMIUM=${CHROMIUM}`, "npm", "test"], folder);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/2 passed/);
}, 120_000);
