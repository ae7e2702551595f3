/** The settings file: `fauxgen.config.{yaml,yml,json}` of the working folder, or the one that was named. */
import { existsSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { ConfigError, settingNames, type ConfigInput } from "../config.ts";
import { nearestNames } from "../wording/nearest.ts";

const NAMES = ["fauxgen.config.yaml", "fauxgen.config.yml", "fauxgen.config.json"] as const;

export interface ConfigFile {
  readonly path: string;
  readonly values: ConfigInput;
}

/** Reads the named file, or the working folder's; undefined when there is none. Throws `ConfigError`. */
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
    throw new ConfigError(`${path}: ${name} is no setting.${near === undefined ? "" : ` Did you mean ${near}?`}`);
  }
  return { path, values: content };
}

async function parse(path: string): Promise<unknown> {
  try {
    const text = readFileSync(path, "utf8");
    if (extname(path) === ".json") return JSON.parse(text);
    // Loaded only where there is such a file: it takes a tenth of the time to the first answer.
    const yaml = await import("yaml");
    return yaml.parse(text);
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new ConfigError(`${path}: ${reason}`);
  }
}
