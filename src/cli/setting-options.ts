/** Turns settings into command options, and reads the configuration from options, then environment, then file. */
import { Option, type Command } from "commander";
import { distance } from "fastest-levenshtein";
import {
  environmentNameOf,
  flagOf,
  fromEnvironment,
  readConfig,
  settingNames,
  settings,
  type Config,
  type ConfigInput,
  type SettingName,
} from "../config.ts";
import { nearestNames } from "../wording/nearest.ts";
import { readConfigFile } from "./config-file.ts";

const PREFIX = "FAUXGEN_";

/** Variables with our prefix that are not settings: the path of the settings file, and the variables for clients. */
const KNOWN_OTHERS =
  /^FAUXGEN_(?:CONFIG|URL|COMMAND|SANDBOX|ACCOUNT|INTERCEPT_QUIET|CASE|CASE_FOLDER|WEBHOOK_URL|WEBHOOK_PORT)$/;
const OF_A_VENDOR = /^FAUXGEN_[A-Z0-9]+_(?:URL|KEY|WEBHOOK_SECRET)$/;

/** Adds an option for each setting in `only`; commands that start no server need only some settings. */
export function addSettings(command: Command, only: readonly SettingName[] = settingNames): Command {
  for (const name of only) command.addOption(optionOf(name));
  return command.addOption(
    new Option("--config <FILE>", "Settings file; by default fauxgen.config.{yaml,yml,json} of the working folder").env(
      "FAUXGEN_CONFIG",
    ),
  );
}

/**
 * Reads the configuration of a command; `byDefault` has the command's own defaults. Warns of unknown variables. Throws
 * `ConfigError`.
 */
export async function settingsFrom(command: Command, byDefault: ConfigInput = {}): Promise<Config> {
  warnOfUnknownVariables();
  const flags = Object.fromEntries(
    settingNames
      .filter((name) => command.getOptionValueSource(name) === "cli")
      .map((name) => [name, command.getOptionValue(name) as unknown]),
  );
  const given: unknown = command.getOptionValue("config");
  const file = await readConfigFile(typeof given === "string" ? given : undefined);
  return readConfig([
    { values: flags, nameOf: flagOf },
    { values: fromEnvironment(process.env), nameOf: environmentNameOf },
    ...(file === undefined ? [] : [{ values: file.values, nameOf: file.nameOf }]),
    { values: byDefault, nameOf: flagOf },
  ]);
}

function optionOf(name: SettingName): Option {
  const { help, placeholder, default: byDefault } = settings[name];
  const flag = flagOf(name);
  if (placeholder === undefined && byDefault === true)
    return new Option(flag.replace("--", "--no-"), `Do not ${lowerFirst(help)}`);
  return new Option(placeholder === undefined ? flag : `${flag} <${placeholder}>`, help);
}

function warnOfUnknownVariables(): void {
  const known = settingNames.map(environmentNameOf);
  for (const name of Object.keys(process.env)) {
    if (!name.startsWith(PREFIX) || known.includes(name) || KNOWN_OTHERS.test(name)) continue;
    const isNearly = known.some((setting) => distance(setting, name) <= 2);
    if (OF_A_VENDOR.test(name) && !isNearly) continue;
    // Compares the names without their common prefix, which would make all of them similar.
    const [near] = nearestNames(
      name.slice(PREFIX.length),
      known.map((setting) => setting.slice(PREFIX.length)),
    );
    process.stderr.write(
      `fauxgen: ${name} is not a setting and is ignored.${near === undefined ? "" : ` Did you mean ${PREFIX}${near}?`}\n`,
    );
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
