/** Checks the Dockerfile without building it; docker/verify.sh builds and runs the image. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { validate, ValidationSeverity } from "dockerfile-utils";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

const { ERROR } = ValidationSeverity;
const strict = {
  casingInstruction: ERROR,
  deprecatedMaintainer: ERROR,
  directiveCasing: ERROR,
  emptyContinuationLine: ERROR,
  instructionCmdMultiple: ERROR,
  instructionEntrypointMultiple: ERROR,
  instructionHealthcheckMultiple: ERROR,
  instructionJSONInSingleQuotes: ERROR,
  instructionWorkdirRelative: ERROR,
};

/** The instructions, one per line. */
const instructions = read("Dockerfile")
  .replaceAll(/^#.*\n/gm, "")
  .replaceAll(/\\\n\s*/g, "")
  .split("\n");
const those = (keyword: string): string[] => instructions.filter((line) => line.startsWith(`${keyword} `));

describe("the Dockerfile", () => {
  it("passes its linter, which reports known mistakes", () => {
    expect(validate(read("Dockerfile"), strict)).toEqual([]);
    expect(validate("FROM node\nWORKDIR app\nCMD a\nCMD b\n", strict)).toHaveLength(2);
  });

  it("runs as a user without privileges, and starts node directly so that it receives signals", () => {
    expect(those("USER")).toEqual(["USER 1000:1000"]);
    expect(those("ENTRYPOINT")).toEqual([`ENTRYPOINT ["node", "/app/dist/cli.js"]`]);
    expect(those("HEALTHCHECK")[0]).toMatch(/CMD \["node", "\/app\/dist\/cli\.js", "healthcheck"\]$/);
    expect(those("ENV").join()).toContain("FAUXGEN_HOST=0.0.0.0");
  });

  it("labels the image with the version of the package", () => {
    const { version } = JSON.parse(read("package.json")) as { version: string };
    expect(those("ARG")).toContain(`ARG VERSION=${version}`);
  });

  it("copies only existing files that .dockerignore allows", () => {
    const allowed = read(".dockerignore").split("\n");
    const sources = those("COPY")
      .filter((line) => !line.includes("--from="))
      .flatMap((line) => line.split(" ").slice(1, -1));
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) {
      expect(existsSync(join(ROOT, source)), source).toBe(true);
      expect(allowed).toContain(`!${source}`);
    }
  });
});
