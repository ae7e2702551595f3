/** Runs a command, and turns its errors into messages on stderr and an exit code. */
import { CommanderError } from "commander";
import { ConfigError } from "../config.ts";
import { FauxgenError } from "../client/control-client.ts";
import { withoutUrlSecrets } from "../wording/shown-urls.ts";
import { Failure } from "./failure.ts";
import { buildProgram } from "./program.ts";

export async function main(argv: readonly string[]): Promise<void> {
  // The reader of the output closed the pipe, as `head` does.
  process.stdout.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  try {
    await buildProgram().parseAsync([...argv], { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  // Commander has already printed help, the version, or the error in the arguments.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof Failure) return say(error.message, error.exitCode);
  if (error instanceof FauxgenError) return say(error.message, 1);
  if (error instanceof ConfigError) return say(error.message, 2);
  return say(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
}

function say(message: string, exitCode: number): number {
  process.stderr.write(`fauxgen: ${withoutUrlSecrets(message)}\n`);
  return exitCode;
}
