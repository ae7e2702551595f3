/** Runs `fauxgen` commands as real processes. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const CLI = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

/** The exit code, signal and output of a command. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real `fauxgen` process. */
export interface RunningCommand {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves with the first line on stdout; rejects with stderr if the process ends without one. */
  readonly firstLine: () => Promise<string>;
  readonly ended: Promise<Ended>;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs `fauxgen` from its sources as a separate process, which is killed when the test ends. */
export function runCommand(args: readonly string[], { env = {}, cwd }: CommandOptions = {}): RunningCommand {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("FAUXGEN_"));
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    ...(cwd !== undefined && { cwd }),
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(([code, signal]: unknown[]): Ended => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    stdout,
    stderr,
  }));
  const firstLine = new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const [line, rest] = stdout.split("\n", 2);
      if (line !== undefined && rest !== undefined) resolve(line);
    };
    child.stdout.on("data", look);
    void ended.then(() => {
      look();
      reject(new Error(`fauxgen ended without a line on stdout:\n${stderr}`));
    });
  });
  // Marks the rejection as handled, for tests that do not wait for a line.
  firstLine.catch(() => undefined);
  return { child, firstLine: async () => firstLine, ended };
}

/** Runs a command until it exits. */
export async function endOf(args: readonly string[], options?: CommandOptions): Promise<Ended> {
  return runCommand(args, options).ended;
}
