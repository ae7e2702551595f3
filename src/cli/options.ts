/** Defines the command-line options that several commands share. */
import { InvalidArgumentError, Option, type Command } from "commander";
import { parseDuration } from "../engine/base/durations.ts";

/** Adds `--sandbox` and `--account`, which choose the API keys in the environment. */
export function addHolder(command: Command): Command {
  return command
    .addOption(new Option("--sandbox <NAME>", "Sandbox of the API keys").default("default").argParser(nameOf))
    .addOption(new Option("--account <NAME>", "Account of the API keys").default("main").argParser(nameOf));
}

export interface HolderOptions {
  readonly sandbox: string;
  readonly account: string;
}

/** Returns the option `--set NAME=VALUE`, which may be repeated. */
export function setOption(): Option {
  return new Option("--set <NAME=VALUE>", "Set another variable; the value may contain {sync.url}, {vivix.key}, …")
    .default([], "none")
    .argParser((value: string, earlier: string[]) => [...earlier, value]);
}

export interface SetOptions {
  readonly set: readonly string[];
}

/** Returns the option `--trust`, for programs with a hard-coded host. */
export function trustOption(): Option {
  return new Option("--trust", "Set the variables by which programs of any language trust the authority of --tls");
}

export interface TrustOptions {
  readonly trust?: boolean;
}

/** Returns the option `--url`, which names a running server. */
export function urlOption(): Option {
  return new Option("--url <URL>", "URL of the server; by default FAUXGEN_URL, then the configured host and port")
    .env("FAUXGEN_URL")
    .argParser((value: string) => {
      if (URL.canParse(value) && /^https?:/.test(value)) return value.replace(/\/+$/, "");
      throw new InvalidArgumentError("Write a URL such as http://127.0.0.1:4600.");
    });
}

/** Returns the option `--sandbox` for a command that creates a missing sandbox. */
export function sandboxOption(): Option {
  return new Option("--sandbox <NAME>", "Sandbox to change; created if missing").default("default").argParser(nameOf);
}

function nameOf(value: string): string {
  if (/^[a-z0-9-]{1,40}$/.test(value)) return value;
  throw new InvalidArgumentError("Use 1 to 40 characters of a-z, 0-9 and -.");
}

/** Parses a duration, as the milliseconds that it lasts. */
export function durationOf(value: string): number {
  const milliseconds = parseDuration(value);
  if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
  throw new InvalidArgumentError("Write a duration such as 1500ms, 10s or 2m.");
}

/** Parses a number of things from 1 to 64. */
export function countOf(value: string): number {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
  throw new InvalidArgumentError("Write a whole number from 1 to 64.");
}

/** A text with a name, as in NAME=TEXT. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Parses NAME=TEXT; `example` is what the error shows. */
export function namedText(value: string, example: string): NamedText {
  const [, name, text] = /^([^=]+)=(.+)$/s.exec(value) ?? [];
  if (name !== undefined && text !== undefined) return { name, text };
  throw new InvalidArgumentError(`Write it as ${example}.`);
}
