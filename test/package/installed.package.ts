/** Tests the packed package as a user installs it: its types, its command, and its vitest fixture. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { makeProject, tsconfigOf } from "./packed.ts";
import { run } from "../support/run.ts";

const tool = (name: string): string => fileURLToPath(new URL(`../../node_modules/.bin/${name}`, import.meta.url));

/** A program that starts a server, generates an image, and prints its final phase. */
const tryOut = `
  const server = await startFauxgen();
  const sandbox = await server.sandbox("tried", { clock: { mode: "frozen" } });
  const { id } = await sandbox.generations.create({ vendor: "vivix" });
  await sandbox.clock.advance("1m");
  console.log((await sandbox.generations.get(id)).phase);
  await server.close();
`;

const typed = `
  const fauxgen: Fauxgen = await connectFauxgen("http://127.0.0.1:1", { within: 0 });
  const sandbox = await fauxgen.sandbox("typed", { timing: "instant" });
  const url: string = sandbox.sync.baseUrl;
  const phase: "queued" | "processing" | "succeeded" | "failed" | "rejected" | "cancelled" =
    (await sandbox.generations.next({ vendor: "oxen" })).phase;
  // @ts-expect-error: there is no such vendor
  await sandbox.generations.next({ vendor: "nobody" });
  // @ts-expect-error: there is no such setting
  await fauxgen.sandbox("typed", { timng: "instant" });
`;

const imports = `import { connectFauxgen, type Fauxgen } from "fauxgen";`;

const files = {
  "package.json": "{}",
  "tried.mjs": `import { startFauxgen } from "fauxgen";${tryOut}`,
  "tried.cjs": `const { startFauxgen } = require("fauxgen"); (async () => {${tryOut}})();`,
  "typed.mts": `${imports}${typed}export { phase, url };`,
  "typed.cts": `${imports}async function tried(): Promise<void> {${typed}void [phase, url];}\nexport = tried;`,
  "render.test.js": `
    import { expect } from "vitest";
    import { test } from "fauxgen/vitest";
    test("has a sandbox", async ({ sandbox, settled }) => {
      expect(sandbox.vivix.apiKey).toContain("fx_has-a-sandbox-");
      await settled();
    });`,
  "tsconfig.json": tsconfigOf(["*.mts", "*.cts"]),
};

const packed = inject("packed");

describe("the packed package", { timeout: 240_000 }, () => {
  it("passes publint", async () => {
    const { code, stdout } = await run(process.execPath, [tool("publint"), "run", packed.tarball, "--strict"], ".");
    expect(code, stdout).toBe(0);
  });

  it("has types that resolve in every module system that can load it", async () => {
    // The package is an ES module for require() too. Resolvers that do not know "exports" are excluded.
    const args = [packed.tarball, "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm"];
    const { code, stdout } = await run(process.execPath, [tool("attw"), ...args], ".");
    expect(code, stdout).toBe(0);
  });

  describe("installed in a project", () => {
    let project: string;
    beforeAll(async () => {
      project = await makeProject(packed, "project", files, ["@types/node", "typescript", "vitest"]);
    }, 240_000);

    it.each(["tried.mjs", "tried.cjs"])("runs %s", async (file) => {
      expect(await run(process.execPath, [file], project)).toEqual({ code: 0, stdout: "succeeded\n", stderr: "" });
    });

    it("has types for ES modules and for CommonJS", async () => {
      const tsc = join(project, "node_modules", "typescript", "bin", "tsc");
      const { code, stdout } = await run(process.execPath, [tsc], project);
      expect(code, stdout).toBe(0);
    });

    it("provides the command fauxgen", async () => {
      const { stdout } = await run("npx", ["--no-install", "fauxgen", "env", "--format", "json"], project);
      expect(JSON.parse(stdout)).toMatchObject({ FAUXGEN_URL: "http://127.0.0.1:4600" });
    });

    it("provides the vitest fixture", async () => {
      const { code, stdout, stderr } = await run("npx", ["--no-install", "vitest", "run"], project);
      expect(code, stdout + stderr).toBe(0);
    });

    it("names the required version on a Node.js that is too old", async () => {
      const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.17.1" } })`;
      const cli = join(project, "node_modules", "fauxgen", "dist", "cli.js");
      expect(await run(process.execPath, ["--import", `data:text/javascript,${pretend}`, cli], project)).toEqual({
        code: 2,
        stdout: "",
        stderr: "fauxgen needs Node.js 22.18 or newer; this is 22.17.1.\n",
      });
    });
  });
});
