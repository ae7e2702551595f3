/** Runs the example for pytest. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

it("the example for pytest passes its five tests on a server that it starts", async () => {
  const child = spawn("python3", ["-m", "pytest", "-q", "-p", "no:cacheprovider"], {
    cwd: root("examples/pytest"),
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
  expect(code, said).toBe(0);
  expect(said).toContain("5 passed");
});
