/** Generates the README's table of settings from `src/config.ts`. */
import { environmentNameOf, flagOf, settingNames, settings, type SettingName } from "../../src/config.ts";

const BEGIN = "<!-- settings: made from src/config.ts by npm run gen -->\n";
const END = "<!-- end of settings -->";

/** Returns the README with a current table: flag, variable, key of the settings file, default, what it does. */
export function readmeWithSettings(readme: string): string {
  const from = readme.indexOf(BEGIN) + BEGIN.length;
  const to = readme.indexOf(END);
  if (from < BEGIN.length || to < from) throw new Error("README.md lacks the comments that mark the settings table.");
  return readme.slice(0, from) + settingsTable() + readme.slice(to);
}

function settingsTable(): string {
  const rows = settingNames.map((name) => {
    const { help, placeholder, default: byDefault } = settings[name];
    const flag = placeholder === undefined && byDefault === true ? flagOf(name).replace("--", "--no-") : flagOf(name);
    const usage = placeholder === undefined ? flag : `${flag} ${placeholder}`;
    return [code(usage), code(environmentNameOf(name)), code(name), shownDefault(name), escaped(help)];
  });
  const head = ["flag", "variable", "key", "default", "what it does"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

const BYTES = /^SIZE$/;
const UNITS = [
  [1024 ** 3, "GiB"],
  [1024 ** 2, "MiB"],
  [1024, "KiB"],
] as const;

function shownDefault(name: SettingName): string {
  const { default: byDefault, placeholder } = settings[name];
  if (byDefault === undefined) return "";
  if (typeof byDefault === "object") return "";
  if (placeholder === "DURATION") return code(`${Number(byDefault) / 60_000}m`);
  if (placeholder !== undefined && BYTES.test(placeholder)) {
    const [size, unit] = UNITS.find(([factor]) => Number(byDefault) % factor === 0) ?? [1, ""];
    return code(`${Number(byDefault) / size}${unit}`);
  }
  return code(String(byDefault));
}

function code(text: string): string {
  return `\`${escaped(text)}\``;
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}
