/** `fauxgen exec -- <command>`: a server for as long as a command runs, and an environment that points to it. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Config } from "../config.ts";
import { environmentFor, type Holder } from "./environment.ts";
import { Failure } from "./failure.ts";
import { start } from "./starting.ts";

/** Answers the command's exit code, 128 and the signal's number when one ended it. */
export async function exec(
  [command, ...args]: readonly string[],
  config: Config,
  holder: Holder,
  assignments: readonly string[],
): Promise<number> {
  if (command === undefined) throw new Failure(2, "exec: write the command to run, such as: fauxgen exec -- npm test");
  const server = await start(config);
  try {
    return await run(command, args, { ...process.env, ...environmentFor(server.url, holder, assignments) });
  } finally {
    await server.close();
  }
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", env });
    const forward = (signal: NodeJS.Signals): void => {
      // A terminal's Ctrl-C has reached the command by itself.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, forward);
    const finish = (): void => {
      for (const signal of signals) process.off(signal, forward);
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      finish();
      reject(unrunnable(command, error));
    });
    child.once("exit", (code, signal) => {
      finish();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function unrunnable(command: string, error: NodeJS.ErrnoException): Failure {
  if (error.code === "ENOENT") return new Failure(127, `exec: there is no command ${command}`, { cause: error });
  return new Failure(126, `exec: ${command} cannot be run: ${error.message}`, { cause: error });
}
