/** Prints environment variables in the formats of shells, `.env` files, GitHub Actions and JSON. */
import { Failure } from "./failure.ts";

/** Prints one variable as one or more lines, without the last line break. */
type Formatter = (name: string, value: string) => string;

/** Values without a meaning to any reader of a `.env` file, so that they need no quotes. */
const PLAIN = /^[\w.:/@%+,-]*$/;
const QUOTES = ["'", "`", '"'] as const;

/** Text in single quotes has no escapes; a single quote ends it, follows with a backslash, and begins it again. */
const forShell: Formatter = (name, value) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`;

/**
 * In a `.env` file, text in single quotes or backticks has no escapes; in double quotes, `\n` and `\r` are line breaks.
 * Readers take a backslash before the last quote as a part of the text. Some values survive only without quotes, and a
 * few survive in no form.
 */
const forDotenv: Formatter = (name, value) => {
  if (PLAIN.test(value)) return `${name}=${value}`;
  const quote = /\r|\\$/.test(value) ? undefined : QUOTES.find((each) => !value.includes(each));
  if (quote !== undefined && !(quote === '"' && /\\[nr]/.test(value))) return `${name}=${quote}${value}${quote}`;
  if (!/[#\r\n]|^["'`\s]|\s$/.test(value)) return `${name}=${value}`;
  throw new Failure(
    2,
    `env: no .env file can hold the value of ${name}, because of its ${flawOf(value)}. Use --format shell or json.`,
  );
};

function flawOf(value: string): string {
  if (value.includes("\r")) return "carriage return";
  return value.endsWith("\\") ? "last backslash" : "several kinds of quotes";
}

/** For `>> "$GITHUB_ENV"`: everything after the first `=` is literal; several lines are between two equal words. */
const forGithub: Formatter = (name, value) => {
  if (!/[\r\n]/.test(value)) return `${name}=${value}`;
  const lines = value.split("\n");
  let end = "END";
  while (lines.includes(end)) end += "_";
  return `${name}<<${end}\n${value}\n${end}`;
};

const FORMATTERS = { shell: forShell, dotenv: forDotenv, github: forGithub } as const;

export type EnvironmentFormat = keyof typeof FORMATTERS | "json";

/** Formats the environment as text that ends with a line break. Throws {@link Failure} for what a format cannot hold. */
export function formatEnvironment(environment: Readonly<Record<string, string>>, format: EnvironmentFormat): string {
  if (format === "json") return `${JSON.stringify(environment, undefined, 2)}\n`;
  return Object.entries(environment)
    .map(([name, value]) => `${FORMATTERS[format](name, value)}\n`)
    .join("");
}
