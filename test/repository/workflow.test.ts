/** Checks that the CI workflow runs `.ci/run` and a developer's commands on every supported Node.js. */
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readPage, ROOT } from "./pages.ts";

const WORKFLOWS = globSync(".github/workflows/*.yml", { cwd: ROOT });

const workflow = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.object({
      strategy: z.object({ matrix: z.object({ node: z.array(z.int()) }) }),
      env: z.record(z.string(), z.string()),
      steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  ),
});
const manifest = z.object({
  engines: z.object({ node: z.string() }),
  scripts: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});

const { permissions, jobs } = workflow.parse(parse(readPage(".github/workflows/ci.yml")));
const { engines, scripts, devDependencies } = manifest.parse(JSON.parse(readPage("package.json")));
const run = readPage(".ci/run");
const job = jobs["test"];

describe("the CI workflow", () => {
  it("runs .ci/run on Node.js 22, 24 and 26", () => {
    expect(job?.strategy.matrix.node).toEqual([22, 24, 26]);
    expect(job?.steps.map((step) => step.run)).toContain(".ci/run");
    expect(existsSync(join(ROOT, ".ci/run"))).toBe(true);
  });

  it("includes the oldest supported Node.js first, and the Node.js of the development dependencies", () => {
    const [, oldest] = /^>=(\d+)\./.exec(engines.node) ?? [];
    const [, own] = /^\^(\d+)\./.exec(devDependencies["node"] ?? "") ?? [];
    expect(job?.strategy.matrix.node[0]).toBe(Number(oldest));
    expect(job?.strategy.matrix.node).toContain(Number(own));
  });

  it("sets CI_NODE, which names the Node.js that .ci/run installs", () => {
    expect(job?.env).toEqual({ CI_NODE: "${{ matrix.node }}" });
    expect(run).toContain('npm install --no-save "node@$CI_NODE"');
  });

  it("has only read access to the repository", () => {
    expect(permissions).toEqual({ contents: "read" });
  });
});

describe(".ci/run", () => {
  it("runs npm ci, installs the chosen Node.js, and then runs npm test and npm run test:system", () => {
    const commands = /^\((.*)\) 2>&1/m.exec(run)?.[1]?.split(" && ") ?? [];
    expect(commands).toEqual(["npm ci", "choose_node", "npm test", "npm run test:system"]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["test", "test:system"]));
  });
});

it.each(WORKFLOWS)("%s pins each action to a full commit hash, with the version in a comment", (path) => {
  const used = [...readPage(path).matchAll(/uses: (.*)$/gm)].map(([, action = ""]) => action);
  expect(used).not.toEqual([]);
  expect(used.filter((action) => !/^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
});
