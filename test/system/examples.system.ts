/** The examples, copied into a new project with the packed package installed, as somebody would who starts from one. */
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, inject, it } from "vitest";
import { makeProject } from "../package/packed.ts";
import { run } from "../support/run.ts";

const CHROMIUM = "/usr/bin/chromium";
const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

const packed = inject("packed");

/** A project with the example's files and what it needs. */
async function copyOf(name: string, packages: readonly string[] = []): Promise<string> {
  const files = name === "jest" || name === "playwright" ? {} : { "package.json": `{"type": "module"}` };
  const folder = join(packed.scratch, name);
  cpSync(example(name), folder, { recursive: true });
  await makeProject(packed, name, files, packages);
  return folder;
}

it("runs the suite for vitest", async () => {
  const { code, stdout, stderr } = await run(
    "npx",
    ["--no-install", "vitest", "run"],
    await copyOf("vitest", ["vitest"]),
  );
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/4 passed/);
}, 120_000);

it("runs the suite for Jest", async () => {
  const { code, stdout, stderr } = await run("npm", ["test"], await copyOf("jest"));
  expect(code, stdout + stderr).toBe(0);
  expect(stderr).toMatch(/3 passed/);
}, 120_000);

it("runs the shell script", async () => {
  const args = ["--no-install", "fauxgen", "exec", "--timing", "instant", "--", "sh", "test.sh"];
  const { code, stdout, stderr } = await run("npx", args, await copyOf("shell"));
  expect({ code, stdout }, stderr).toEqual({
    code: 0,
    stdout: [
      "ok: saves what was drawn",
      "ok: says why nothing was drawn, and saves nothing",
      "ok: asked twice in all",
      "",
    ].join("\n"),
  });
}, 120_000);

it("runs the suite for Playwright in a browser", async () => {
  if (!existsSync(CHROMIUM)) throw new Error(`${CHROMIUM} is needed: apt-get install chromium`);
  const folder = await copyOf("playwright");
  const { code, stdout, stderr } = await run("env", [`CHROMIUM=${CHROMIUM}`, "npm", "test"], folder);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/2 passed/);
}, 120_000);
