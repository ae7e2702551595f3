/** Runs the example for pytest, and looks at what a failing test shows. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

interface Ended {
  readonly code: number;
  readonly said: string;
}

async function runPytest(folder: string): Promise<Ended> {
  const child = spawn("python3", ["-m", "pytest", "-q", "-p", "no:cacheprovider"], {
    cwd: folder,
    env: {
      ...process.env,
      FAUXGEN_URL: "",
      FAUXGEN_COMMAND: `'${process.execPath}' '${root("src/cli.ts")}'`,
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const [code] = (await once(child, "close")) as [number];
  return { code, said };
}

it("the example for pytest passes its five tests on a server that it starts, and a test for each case that its client comes to", async () => {
  const { code, said } = await runPytest(root("examples/pytest"));
  expect(code, said).toBe(0);
  // The three others need a deadline of the client, or are of a request that it does not send.
  expect(said).toContain("14 passed, 3 skipped");
});

it("a case that a client fails is a failed test for pytest that shows what was expected and seen", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-pytest-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const tests = readFileSync(root("examples/pytest/test_conformance.py"), "utf8");
  writeFileSync(join(folder, "test_conformance.py"), tests.replace("vivix/lifecycle/*", "vivix/lifecycle/fails"));
  const client = readFileSync(root("examples/pytest/render.py"), "utf8");
  writeFileSync(join(folder, "render.py"), client.replace('raise SystemExit(state["message"])', "return b''"));
  const { code, said } = await runPytest(folder);
  expect(code, said).toBe(1);
  expect(said).toContain("test_conformance[vivix/lifecycle/fails]");
  expect(said).toContain("the command ended with 0, and no success was shown to it");
});

const FAILING = `
def test_that_fails(sandbox):
    sandbox.rule(when={"vendor": "vivix", "body": {"prompt": "a boat"}}, scenario="fail")
    sandbox.verify(1, vendor="vivix", operation="createGeneration")
`;

it("a failing test for pytest shows its own line, the reason and the report, and no documents", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-pytest-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  copyFileSync(root("examples/pytest/conftest.py"), join(folder, "conftest.py"));
  writeFileSync(join(folder, "test_fail.py"), FAILING);
  const { code, said } = await runPytest(folder);
  expect(code, said).toBe(1);
  expect(said).toContain("Expected exactly 1 request like");
  expect(said).toContain('>       sandbox.verify(1, vendor="vivix"');
  expect(said).toContain("1 unused rule:");
  expect(said).not.toContain("{'sandbox'");
  expect(said).not.toContain("urlopen");
  expect(said).not.toContain("is not a setting");
  expect(said.split("\n").length, said).toBeLessThan(30);
});
