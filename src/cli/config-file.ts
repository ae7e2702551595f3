/** Reads the settings file: the file named by `--config`, or `fauxgen.config.{yaml,yml,json}` of the working folder. */
import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { ConfigError, settingNames, type ConfigInput } from "../config.ts";
import { nearestNames } from "../wording/nearest.ts";

const NAMES = ["fauxgen.config.yaml", "fauxgen.config.yml", "fauxgen.config.json"] as const;

export interface ConfigFile {
  readonly path: string;
  readonly values: ConfigInput;
}

/** Reads the named file, or the working folder's file. Returns undefined if neither exists. Throws `ConfigError`. */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | undefined> {
  const path = named ?? NAMES.find((name) => existsSync(name));
  if (path === undefined) return undefined;
  const content = await parse(path);
  if (content === null || content === undefined) return { path, values: {} };
  if (typeof content !== "object" || Array.isArray(content))
    throw new ConfigError(`${path}: write settings by name, such as port: 4600`);
  const known: readonly string[] = settingNames;
  for (const name of Object.keys(content)) {
    if (known.includes(name)) continue;
    const [near] = nearestNames(name, known);
    throw new ConfigError(`${path}: ${name} is not a setting.${near === undefined ? "" : ` Did you mean ${near}?`}`);
  }
  return { path, values: content };
}

async function parse(path: string): Promise<unknown> {
  try {
    const text = readFileSync(path, "utf8");
    if (extname(path) === ".json") return JSON.parse(text);
    // Loads the library only for a YAML file, because that takes a tenth of the time to the first response.
    const yaml = await import("yaml");
    return yaml.parse(text);
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ConfigError(`${path}: ${reason}`);
  }
}
