/**
 * Runs the commands and programs of README.md and docs/ in order, page by page, in a new project with the packed
 * package and a running server. The port 4600 of a page is replaced by that server's port.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { makeProject, tsconfigOf } from "../package/packed.ts";
import { run } from "../support/run.ts";
import { blocksIn, type Block } from "../support/markdown-blocks.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GENERATED = ["docs/fidelity.md", "docs/benchmarks.md", "docs/reliability.md"];
const PAGES = ["README.md", ...readdirSync(join(ROOT, "docs")).map((file) => `docs/${file}`)].filter(
  (page) => page.endsWith(".md") && !GENERATED.includes(page),
);

/** Commands that cannot run in a project, by their first line, with the test that runs them instead. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "npm ci && npm pack                                    # fauxgen-0.1.0.tgz": "the first test below",
  "npm start": "the second test below",
  "cp test/fifth-vendor/published/acme.ts test/contract/published/": "test/fifth-vendor",
  "cp -r test/fifth-vendor/acme src/vendors/": "test/fifth-vendor",
  "npm run gen": "test/fifth-vendor",
  "docker build -t fauxgen .": "docker/verify.sh builds and runs the image, without a Docker engine",
  "docker compose -f docker/compose.yaml up --build --exit-code-from app": "docker/verify.sh runs its containers",
};

/** The names that the programs of a page use and the surrounding text introduces. */
const GIVEN = `
import type { Fauxgen, SandboxHandle } from "fauxgen";
declare global {
  const sandbox: SandboxHandle;
  const fauxgen: Fauxgen;
  const id: string;
  const readFile: typeof import("node:fs/promises").readFile;
  const writeFile: typeof import("node:fs/promises").writeFile;
}
`;

/** A stand-in for the types of testcontainers, because only the use of fauxgen is checked. */
const TESTCONTAINERS = `declare module "testcontainers";`;

/** curl, changed so that it fails on an HTTP error, unless the page prints the status code. */
const CURL = `#!/bin/sh
case "$*" in *http_code*) ;; *) set -- --fail-with-body "$@" ;; esac
exec /usr/bin/curl "$@"
`;

/** The sandbox that the pages use; it is deleted before each page. */
const SANDBOX = "http://127.0.0.1:4600/_fauxgen/sandboxes/my-test";

const packed = inject("packed");
let project: string;
let server: ChildProcess;
let port: string;
beforeAll(async () => {
  const scripts = { test: "node --version" };
  project = await makeProject(
    packed,
    "documentation",
    {
      "package.json": JSON.stringify({ type: "module", scripts }),
      "tsconfig.json": tsconfigOf(["programs", "src"]),
    },
    ["@playwright/test", "@sync.so/sdk", "@types/node", "typescript", "vitest"],
  );
  for (const folder of ["bin", "programs", "src"]) mkdirSync(join(project, folder));
  writeFileSync(join(project, "bin", "curl"), CURL);
  chmodSync(join(project, "bin", "curl"), 0o755);
  writeFileSync(join(project, "programs", "given.ts"), GIVEN);
  writeFileSync(join(project, "programs", "testcontainers.d.ts"), TESTCONTAINERS);
  const app = readFileSync(join(ROOT, "examples/vitest/render-poster.ts"), "utf8");
  writeFileSync(join(project, "programs", "render-poster.ts"), app);
  writeFileSync(join(project, "src", "render.ts"), `export { renderPoster } from "../programs/render-poster.js";`);

  const cli = join(project, "node_modules", "fauxgen", "dist", "cli.js");
  server = spawn(process.execPath, [cli, "--port", "0", "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  port = String(await portOf(server));
}, 240_000);
afterAll(async () => {
  server.kill();
  await once(server, "exit");
});

async function portOf({ stdout }: ChildProcess): Promise<number> {
  if (stdout === null) throw new Error("A server has an output.");
  let said = "";
  for await (const chunk of stdout) {
    said += String(chunk);
    const [line] = /^\{.*\}$/m.exec(said) ?? [];
    if (line !== undefined) return (JSON.parse(line) as { port: number }).port;
  }
  throw new Error(`The server ended before it was ready: ${said}`);
}

const here = (text: string): string => text.replaceAll(/\b4600\b/g, port);

function runInProject(program: string, ...args: string[]): ReturnType<typeof run> {
  const path = ["bin", "node_modules/.bin"].map((folder) => join(project, folder));
  const found = [...path, dirname(process.execPath), process.env["PATH"]].join(delimiter);
  return run("env", [`PATH=${found}`, `FAUXGEN_URL=${here("http://127.0.0.1:4600")}`, program, ...args], project);
}

interface PageBlock extends Block {
  readonly page: string;
}

const blocks: PageBlock[] = PAGES.flatMap((page) =>
  blocksIn(readFileSync(join(ROOT, page), "utf8")).map((block) => ({ ...block, page })),
);
const named = (wanted: (block: Block) => boolean): [string, PageBlock][] =>
  blocks.filter(wanted).map((block) => [`${block.page}:${block.line}`, block]);
const firstLineOf = ({ text }: Block): string => text.split("\n")[0] ?? "";

/** Returns whether a block is a command, or a program that needs only the package. */
function isRunHere({ language, text }: Block): boolean {
  if (language === "sh") return !((text.split("\n")[0] ?? "") in ELSEWHERE);
  return language === "ts" && /^import \{ \w+ \} from "fauxgen";/.test(text) && !text.includes("testcontainers");
}

const fileNameOf = (place: string): string => place.replaceAll(/\W/g, "-");

describe("the commands and programs of the documentation", () => {
  it.each(named(isRunHere))("exit with 0: %s", async (place, block) => {
    if (block === blocks.find((first) => first.page === block.page && isRunHere(first)))
      await fetch(here(SANDBOX), { method: "DELETE" });
    const file = `${fileNameOf(place)}.run.ts`;
    writeFileSync(join(project, file), here(block.text));
    const { code, stdout, stderr } =
      block.language === "sh" ? await runInProject("bash", "-euo", "pipefail", file) : await runInProject("node", file);
    expect(code, `${block.text}\n${stdout}\n${stderr.slice(-2000)}`).toBe(0);
  });

  it("include every command that other tests run", () => {
    const firstLines = blocks.map(firstLineOf);
    for (const line of Object.keys(ELSEWHERE)) expect(firstLines).toContain(line);
  });

  it("lead from a checkout to four passing tests", async () => {
    const checkout = join(packed.scratch, "fauxgen");
    const { stdout } = await run("git", ["ls-files"], ROOT);
    for (const file of stdout.trim().split("\n")) cpSync(join(ROOT, file), join(checkout, file));
    // Links the existing node_modules instead of running `npm ci`, which takes longer than all other steps.
    symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
    const steps =
      blocks.find(({ text }) => text.startsWith("npm ci && npm pack"))?.text.replace("npm ci && ", "") ?? "";
    const ended = await run("bash", ["-euo", "pipefail", "-c", steps], checkout);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/4 passed/);
  }, 240_000);

  it("start a server in a checkout", async () => {
    const started = spawn("npm", ["start", "--", "--port", "0", "--json"], { cwd: ROOT, detached: true });
    try {
      expect(await portOf(started)).toBeGreaterThan(0);
    } finally {
      if (started.pid !== undefined) process.kill(-started.pid);
      await once(started, "exit");
    }
  });
});

describe("the code samples of the documentation", () => {
  it("compile against the package's types if they are TypeScript", async () => {
    for (const [place, { text }] of named(({ language }) => language === "ts")) {
      const file = `${fileNameOf(place)}.ts`;
      writeFileSync(join(project, "programs", file), `${text}\nexport {};\n`);
    }
    const { code, stdout } = await runInProject("tsc");
    expect(code, stdout).toBe(0);
  }, 120_000);

  it.each(named(({ language }) => language === "js"))("parse as JavaScript: %s", async (place, { text }) => {
    const file = `${fileNameOf(place)}.${text.includes("require(") ? "cjs" : "mjs"}`;
    writeFileSync(join(project, file), text);
    const { code, stderr } = await runInProject("node", "--check", file);
    expect(code, stderr).toBe(0);
  });

  it.each(named(({ language }) => language === "python"))("parse as Python: %s", async (_place, { text }) => {
    const { code, stderr } = await runInProject("python3", "-c", "import ast, sys; ast.parse(sys.argv[1])", text);
    expect(code, stderr).toBe(0);
  });
});
