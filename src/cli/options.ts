/** Options that several commands share. */
import { InvalidArgumentError, Option, type Command } from "commander";

/** Adds `--sandbox` and `--account`: whose keys are handed out. */
export function addHolder(command: Command): Command {
  return command
    .addOption(new Option("--sandbox <NAME>", "Sandbox whose keys are handed out").default("default").argParser(nameOf))
    .addOption(new Option("--account <NAME>", "Account whose keys are handed out").default("main").argParser(nameOf));
}

export interface HolderOptions {
  readonly sandbox: string;
  readonly account: string;
}

/** `--set NAME=VALUE`, again and again. */
export function setOption(): Option {
  return new Option("--set <NAME=VALUE>", "Set one more variable; the value may hold {sync.url}, {vivix.key}, …")
    .default([], "none")
    .argParser((value: string, earlier: string[]) => [...earlier, value]);
}

export interface SetOptions {
  readonly set: readonly string[];
}

/** `--url`, of a server that runs already. */
export function urlOption(): Option {
  return new Option("--url <URL>", "The server; by default FAUXGEN_URL, then the configured host and port")
    .env("FAUXGEN_URL")
    .argParser((value: string) => {
      if (URL.canParse(value) && /^https?:/.test(value)) return value.replace(/\/+$/, "");
      throw new InvalidArgumentError("Write a URL such as http://127.0.0.1:4600.");
    });
}

/** `--sandbox`, which is made where there is none. */
export function sandboxOption(): Option {
  return new Option("--sandbox <NAME>", "Which; made where there is none").default("default").argParser(nameOf);
}

function nameOf(value: string): string {
  if (/^[a-z0-9-]{1,40}$/.test(value)) return value;
  throw new InvalidArgumentError("Use 1 to 40 characters of a-z, 0-9 and -.");
}
