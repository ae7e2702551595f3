/** Runs the installed package on each supported Node.js. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { makeProject } from "../package/packed.ts";
import { run } from "../support/run.ts";

/** A program that uses a server and the database driver, and prints whether a reset repeats the ids. */
const tryOut = `
  const server = await startFauxgen();
  const sandbox = await server.sandbox("tried", { clock: { mode: "frozen" } });
  const { id } = await sandbox.generations.create({ vendor: "vivix" });
  await sandbox.clock.advance("1m");
  const { phase } = await sandbox.generations.get(id);
  await sandbox.reset();
  const again = await sandbox.generations.create({ vendor: "vivix" });
  console.log(process.versions.node.split(".")[0], phase, again.id === id);
  await server.close();
`;

/** A program that parses every module of the package, including those that only some commands load. */
const parseAll = `
  import { globSync, readFileSync } from "node:fs";
  import { SourceTextModule } from "node:vm";
  const files = globSync("node_modules/fauxgen/dist/*.js");
  for (const file of files) new SourceTextModule(readFileSync(file, "utf8"), { identifier: file });
  console.log(files.length > 10);
`;

const files = {
  "package.json": "{}",
  "tried.mjs": `import { startFauxgen } from "fauxgen";${tryOut}`,
  "tried.cjs": `const { startFauxgen } = require("fauxgen"); (async () => {${tryOut}})();`,
  "parsed.mjs": parseAll,
};

/** Installs a Node.js from the registry, and returns the path of its executable. */
async function installNode(scratch: string, version: string): Promise<string> {
  const folder = join(scratch, `node-${version}`);
  mkdirSync(folder);
  // The package's install script fetches the executable, and npm runs it only if the project allows it.
  writeFileSync(join(folder, "package.json"), JSON.stringify({ allowScripts: { node: true } }));
  const { code, stderr } = await run("npm", ["install", "--no-audit", "--no-fund", `node@${version}`], folder);
  if (code !== 0) throw new Error(`Node.js ${version} could not be installed:\n${stderr}`);
  return join(folder, "node_modules", "node", "bin", "node");
}

const VERSIONS = ["22", "24", "26"];
const OWN = process.versions.node.split(".")[0] ?? "";

describe("the installed package", () => {
  const packed = inject("packed");
  let project: string;
  const programs: Record<string, string> = { [OWN]: process.execPath };
  beforeAll(async () => {
    const others = VERSIONS.filter((version) => version !== OWN);
    const [made, ...installed] = await Promise.all([
      makeProject(packed, "node-versions", files),
      ...others.map((version) => installNode(packed.scratch, version)),
    ]);
    project = made;
    for (const [index, version] of others.entries()) programs[version] = installed[index] ?? "";
  }, 240_000);

  describe.each(VERSIONS)("on Node.js %s", (version) => {
    it.each(["tried.mjs", "tried.cjs"])("runs %s", async (file) => {
      const { code, stdout, stderr } = await run(programs[version] ?? "", [file], project);
      expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${version} succeeded true\n` });
    });

    it("parses every module of the package", async () => {
      const args = ["--experimental-vm-modules", "--no-warnings", "parsed.mjs"];
      const ended = await run(programs[version] ?? "", args, project);
      expect(ended).toEqual({ code: 0, stdout: "true\n", stderr: "" });
    });

    it("provides the command fauxgen", async () => {
      const cli = join(project, "node_modules", "fauxgen", "dist", "cli.js");
      const { stdout, stderr } = await run(programs[version] ?? "", [cli, "env", "--format", "json"], project);
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toMatchObject({ FAUXGEN_URL: "http://127.0.0.1:4600" });
    });
  });
});
