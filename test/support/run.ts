/** Runs programs other than `fauxgen`. */
import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";

/** The exit code and the output of a program. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program until it exits, with this process's Node.js first on the path. */
export function run(
  program: string,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:FAUXGEN_|VITEST|npm_)/i.test(name));
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  return new Promise((resolve) => {
    const env = { ...Object.fromEntries(inherited), PATH: path, ...more };
    execFile(program, args, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}
