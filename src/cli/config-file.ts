/** Reads the settings file: the file named by `--config`, or `fauxgen.config.{yaml,yml,json}` of the working folder. */
import { existsSync } from "node:fs";
import { extname } from "node:path";
import { ConfigError, settingNames, type ConfigInput } from "../config.ts";
import { readTextFile } from "../platform/text-file.ts";
import { parseYamlText } from "../platform/yaml-text.ts";
import { nearestNames } from "../wording/nearest.ts";

const NAMES = ["fauxgen.config.yaml", "fauxgen.config.yml", "fauxgen.config.json"] as const;

export interface ConfigFile {
  /** Returns a setting as the file names it, with its line: `fauxgen.config.yaml:3: port`. */
  readonly nameOf: (name: string) => string;
  readonly values: ConfigInput;
}

/** Reads the named file, or the working folder's file. Returns undefined if neither exists. Throws `ConfigError`. */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | undefined> {
  const path = named ?? theOnlyFile();
  if (path === undefined) return undefined;
  const { content, lineOf } = await parse(path);
  const nameOf = (name: string): string => `${placeIn(path, lineOf([name]))}: ${name}`;
  if (content === null || content === undefined) return { nameOf, values: {} };
  if (typeof content !== "object" || Array.isArray(content))
    throw new ConfigError(`${path}: write settings by name, such as port: 4600`);
  const known: readonly string[] = settingNames;
  for (const name of Object.keys(content)) {
    if (known.includes(name)) continue;
    const [near] = nearestNames(name, known);
    throw new ConfigError(`${nameOf(name)} is not a setting.${near === undefined ? "" : ` Did you mean ${near}?`}`);
  }
  return { nameOf, values: content };
}

/** Returns the settings file of the working folder. Throws `ConfigError` for several, since none has precedence. */
function theOnlyFile(): string | undefined {
  const found = NAMES.filter((name) => existsSync(name));
  if (found.length > 1)
    throw new ConfigError(`${found.join(" and ")} both have settings; keep one of them, or name one with --config`);
  return found[0];
}

interface ParsedFile {
  readonly content: unknown;
  readonly lineOf: (path: readonly string[]) => number | undefined;
}

async function parse(path: string): Promise<ParsedFile> {
  let text: string;
  try {
    text = readTextFile(path);
    if (extname(path).toLowerCase() === ".json") return { content: JSON.parse(text), lineOf: () => undefined };
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ConfigError(`${path}: ${reason}`);
  }
  const { value: content, errors, lineOf } = await parseYamlText(text);
  const [error] = errors;
  if (error !== undefined) throw new ConfigError(`${placeIn(path, error.line)}: ${error.reason}`);
  return { content, lineOf };
}

function placeIn(path: string, line: number | undefined): string {
  return line === undefined ? path : `${path}:${line}`;
}
