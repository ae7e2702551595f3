/**
 * Implements `fauxgen exec -- <command>`, which starts a server, runs a command with its environment, says what the
 * server saw, and stops the server.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Config } from "../../config.ts";
import { vendors } from "../../vendors/index.ts";
import { Artifacts, createArtifactsFolder } from "./artifacts.ts";
import { environmentFor, type Holder } from "../environment.ts";
import { Failure } from "../failure.ts";
import { refuseUnknownVendors, shortfallsOf, type MinCoverageOptions } from "../coverage/min-coverage.ts";
import type { SetOptions, TrustOptions } from "../options.ts";
import { Aftermath } from "./aftermath.ts";
import type { RunningServer } from "../../start.ts";
import { start } from "../starting.ts";
import { addToStepSummary } from "./step-summary.ts";

export interface ExecOptions extends SetOptions, TrustOptions, MinCoverageOptions {
  readonly summary?: boolean;
  readonly artifacts?: string;
}

/**
 * Returns the command's exit code, or 128 plus the number of the signal that ended the command. A command that succeeds
 * below the minimum coverage gets 1.
 */
export async function exec(
  [command, ...args]: readonly string[],
  config: Config,
  holder: Holder,
  options: ExecOptions,
): Promise<number> {
  const { set: assignments, trust = false, minCoverage, artifacts } = options;
  if (command === undefined) throw new Failure(2, "exec: write the command to run, such as: fauxgen exec -- npm test");
  if (trust && !config.tls) throw new Failure(2, "exec: --trust is used only with --tls");
  refuseUnknownVendors(
    minCoverage,
    vendors.map(({ name }) => name),
  );
  if (artifacts !== undefined) createArtifactsFolder(artifacts);
  const server = await start(config);
  const aftermath = new Aftermath(server.url, { token: config.controlToken, holder: holder.sandbox });
  const kept = artifacts === undefined ? undefined : new Artifacts(artifacts, aftermath);
  keepEnding(server, aftermath, kept);
  const authority = trust ? (config.tlsCert ?? config.tlsAuthority) : undefined;
  try {
    const own = environmentFor(server.url, holder, { assignments, inherited: process.env, authority });
    const code = await run(command, args, { ...process.env, ...own });
    aftermath.exitCode = code;
    return await tellAftermath(aftermath, code, { ...options, kept });
  } finally {
    await server.close();
  }
}

/** Keeps what each sandbox shows before the command resets or deletes it, as tests do with a sandbox of their own. */
function keepEnding({ app }: RunningServer, aftermath: Aftermath, kept: Artifacts | undefined): void {
  const { httpContext } = app;
  httpContext.beforeEmptied = async (sandbox) => {
    const isUsed = httpContext.journals.of(sandbox).size > 0 || sandbox.generations.count({}) > 0;
    if (!isUsed) return;
    try {
      await aftermath.keep(sandbox.name);
      await kept?.keepSandbox(sandbox.name);
    } catch (error) {
      process.stderr.write(`fauxgen: sandbox ${sandbox.name} could not be kept: ${messageOf(error)}\n`);
    }
  };
}

interface TellingOptions extends ExecOptions {
  readonly kept: Artifacts | undefined;
}

/** Prints and keeps what the server saw, and returns the exit code. */
async function tellAftermath(
  aftermath: Aftermath,
  code: number,
  { summary = false, minCoverage, kept }: TellingOptions,
): Promise<number> {
  const stepSummary = process.env["GITHUB_STEP_SUMMARY"] ?? "";
  let hasFailed = code !== 0;
  const steps = [
    async () => {
      if (code !== 0) process.stderr.write(`\n${await aftermath.report()}`);
      if (code !== 0 || summary) process.stderr.write(await aftermath.summary());
    },
    async () => {
      if (stepSummary !== "") addToStepSummary(stepSummary, await aftermath.markdown());
    },
    async () => {
      await kept?.keepRun();
    },
    async () => {
      const shortfalls = minCoverage.length === 0 ? [] : shortfallsOf(minCoverage, await aftermath.coverage());
      for (const line of shortfalls) process.stderr.write(`fauxgen: ${line}\n`);
      if (shortfalls.length > 0) hasFailed = true;
    },
  ];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      // The others may still work, and a run that is not judged has not succeeded.
      process.stderr.write(`fauxgen: ${messageOf(error)}\n`);
      hasFailed = true;
    }
  }
  return code === 0 && hasFailed ? 1 : code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
