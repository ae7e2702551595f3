/** Tests the formats of environment variables with their readers: dotenv, `node --env-file`, bash, and GitHub's rules. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { parse as parseDotenv } from "dotenv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatEnvironment } from "../../src/cli/environment-formats.ts";
import { Failure } from "../../src/cli/failure.ts";
import { folderOf } from "../support/folder.ts";

/** Characters with a meaning to some reader are frequent. NUL cannot be in a variable. */
const special = fc.constantFrom(...("'\"`\\$#= \t\n\r!{}<>&;|*?~^%()[]:,äß€😀".match(/./gsu) ?? []));
const value = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: special },
      fc.constantFrom("a", "B", "7", "END", "\\n", "\\r", "$HOME", "export "),
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));
const environment = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,5}$/), value, { minKeys: 1, maxKeys: 4 });

/** Reads a file as the runner of GitHub Actions does: `NAME=value` lines, or `NAME<<WORD`, lines and `WORD`. */
function readGithub(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split("\n");
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === "") continue;
    const [equals, heredoc] = [line.indexOf("="), line.indexOf("<<")];
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      found[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    if (heredoc < 0) throw new Error(`Invalid format '${line}'`);
    const end = line.slice(heredoc + 2);
    const size = lines.indexOf(end);
    if (size === -1) throw new Error(`Matching delimiter not found '${end}'`);
    found[line.slice(0, heredoc)] = lines.splice(0, size).join("\n");
    lines.shift();
  }
  return found;
}

/** Returns the text for a `.env` file, or undefined if the format refuses a value. */
function dotenvOf(variables: Readonly<Record<string, string>>): string | undefined {
  try {
    return formatEnvironment(variables, "dotenv");
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

describe("the format dotenv", () => {
  it("is read back by dotenv and by Node.js, whatever the values are", () => {
    let written = 0;
    fc.assert(
      fc.property(environment, (variables) => {
        const text = dotenvOf(variables);
        if (text === undefined) return;
        written += 1;
        expect(parseDotenv(text)).toEqual(variables);
        expect({ ...parseEnv(text) }).toEqual(variables);
      }),
      { numRuns: 2000 },
    );
    expect(written).toBeGreaterThan(1000);
  });

  it("is read back by `node --env-file`, in one file", () => {
    const variables = { A1: 'it\'s "x"', A2: "a\nb", A3: " #$HOME\\n ", A4: "`'`", A5: "", A6: "plain" };
    const file = join(folderOf({ ".env": formatEnvironment(variables, "dotenv") }), ".env");
    const names = JSON.stringify(Object.keys(variables));
    const program = `process.stdout.write(JSON.stringify(${names}.map((name) => process.env[name])))`;
    const read = execFileSync(process.execPath, [`--env-file=${file}`, "-e", program], { encoding: "utf8" });
    expect(JSON.parse(read)).toEqual(Object.values(variables));
  });

  it("refuses only values that no quotes keep, and names the variable", () => {
    const refused = (text: string) => (): unknown => formatEnvironment({ KEY: text }, "dotenv");
    expect(refused("a\rb")).toThrow("env: no .env file can hold the value of KEY, because of its carriage return.");
    expect(refused("#\\")).toThrow("because of its last backslash.");
    expect(refused("a'\n`\"")).toThrow("because of its several kinds of quotes. Use --format shell or json.");
    expect(refused("a\\")()).toBe("KEY=a\\\n");
    expect(refused("a'b`c\"d")()).toBe("KEY=a'b`c\"d\n");
  });
});

describe("the format shell", () => {
  it("is read back by bash, whatever the values are", () => {
    const samples = fc.sample(environment, { numRuns: 100, seed: 22 });
    const [folder, expected] = [folderOf({}), [] as string[]];
    const script = samples.map((variables, index) => {
      const names = Object.keys(variables).filter((name) => name !== "_");
      const own = Object.fromEntries(names.map((name) => [`X${index}_${name}`, variables[name] ?? ""]));
      expected.push(...Object.values(own));
      return (
        formatEnvironment(own, "shell") +
        Object.keys(own)
          .map((name) => `printf '%s\\0' "$${name}"\n`)
          .join("")
      );
    });
    writeFileSync(join(folder, "script.sh"), script.join(""));
    const read = execFileSync("bash", [join(folder, "script.sh")], { encoding: "utf8" });
    expect(read.split("\0").slice(0, -1)).toEqual(expected);
  });
});

describe("the format github", () => {
  it("is read back by GitHub's rules, whatever the values are", () => {
    fc.assert(
      fc.property(environment, (variables) => {
        expect(readGithub(formatEnvironment(variables, "github"))).toEqual(variables);
      }),
      { numRuns: 2000 },
    );
  });

  it("ends a value of several lines with a word that differs from each of its lines", () => {
    expect(formatEnvironment({ KEY: "a\nEND\nEND_" }, "github")).toBe("KEY<<END__\na\nEND\nEND_\nEND__\n");
  });
});

it("the format json is JSON", () => {
  expect(JSON.parse(formatEnvironment({ A: "it's\n$HOME" }, "json"))).toEqual({ A: "it's\n$HOME" });
});
