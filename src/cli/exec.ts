/**
 * Implements `fauxgen exec -- <command>`, which starts a server, runs a command with its environment, and stops the
 * server.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Config } from "../config.ts";
import { ControlClient } from "../client/control-client.ts";
import { exchange } from "../client/exchange.ts";
import { environmentFor, type Holder } from "./environment.ts";
import { Failure } from "./failure.ts";
import type { SetOptions, TrustOptions } from "./options.ts";
import { start } from "./starting.ts";

/** Returns the command's exit code, or 128 plus the number of the signal that ended the command. */
export async function exec(
  [command, ...args]: readonly string[],
  config: Config,
  holder: Holder,
  { set: assignments, trust = false }: SetOptions & TrustOptions,
): Promise<number> {
  if (command === undefined) throw new Failure(2, "exec: write the command to run, such as: fauxgen exec -- npm test");
  if (trust && !config.tls) throw new Failure(2, "exec: --trust is used only with --tls");
  const server = await start(config);
  const authority = trust ? (config.tlsCert ?? config.tlsAuthority) : undefined;
  try {
    const own = environmentFor(server.url, holder, { assignments, inherited: process.env, authority });
    const code = await run(command, args, { ...process.env, ...own });
    if (code !== 0) process.stderr.write(await whatServerSaw(server.url, config, holder));
    return code;
  } finally {
    await server.close();
  }
}

/** Returns the report of the sandbox whose keys the command had. */
async function whatServerSaw(url: string, { controlToken }: Config, { sandbox }: Holder): Promise<string> {
  try {
    return `\n${await new ControlClient(url, exchange, controlToken).text(`/sandboxes/${sandbox}/report`)}`;
  } catch (error) {
    return `\nfauxgen: sandbox ${sandbox} has no report: ${error instanceof Error ? error.message : String(error)}\n`;
  }
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", env });
    const forward = (signal: NodeJS.Signals): void => {
      // A terminal's Ctrl-C already reaches the command directly.
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
  if (error.code === "ENOENT") return new Failure(127, `exec: command not found: ${command}`, { cause: error });
  return new Failure(126, `exec: cannot run ${command}: ${error.message}`, { cause: error });
}
