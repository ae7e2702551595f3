/** A fauxgen process of its own, to be loaded, killed and starved. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

const SOURCES = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));

export interface LoadedServer {
  readonly child: ChildProcess;
  readonly url: string;
  readonly errors: () => string;
  /** Its memory after a full collection; only of a server that was started to be measured. */
  readonly measure: () => Promise<NodeJS.MemoryUsage>;
  /** Ends it with SIGTERM, or in the middle of whatever it does. */
  readonly stop: (signal?: "SIGTERM" | "SIGKILL") => Promise<{ code: number | null; signal: string | null }>;
}

export interface ServerOptions {
  /** The CLI to run; its sources when absent. */
  readonly cli?: string | undefined;
  /** What one of its files may grow to, in KiB, as on a full disk. */
  readonly fileLimitKiB?: number | undefined;
  /** A user and group id to run it as. */
  readonly user?: number | undefined;
  /** Whether {@link LoadedServer.measure} is going to be asked. */
  readonly isMeasured?: boolean;
}

/** Runs in the server before it: collects and tells what is left, whenever it gets the signal. */
const TELL_MEMORY = `import { writeSync } from "node:fs";
process.on("SIGUSR2", () => { gc(); gc(); writeSync(3, JSON.stringify(process.memoryUsage()) + "\\n"); });`;
const MEASURED = ["--expose-gc", "--import", `data:text/javascript,${encodeURIComponent(TELL_MEMORY)}`];

/** Why a server did not start: its exit code and what it said. */
export class NotStarted extends Error {
  readonly code: number | null;
  readonly said: string;

  constructor(code: number | null, said: string) {
    super(`It ended with ${String(code)}: ${said}`);
    this.code = code;
    this.said = said;
  }
}

/** Starts one on a free port; rejects with {@link NotStarted} when it ends instead. */
export async function startServer(args: readonly string[], options: ServerOptions = {}): Promise<LoadedServer> {
  const { cli = SOURCES, fileLimitKiB, user, isMeasured = false } = options;
  const command = [process.execPath, ...(isMeasured ? MEASURED : []), cli, "--port", "0", "--json", ...args];
  // A write beyond the limit is an error then, and no signal that ends the process.
  const limited = `trap '' XFSZ; ulimit -f ${fileLimitKiB ?? 0}; exec "$@"`;
  const [program = "", ...rest] = fileLimitKiB === undefined ? command : ["bash", "-c", limited, "bash", ...command];
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("FAUXGEN_"));
  const child = spawn(program, rest, {
    stdio: ["ignore", "pipe", "pipe", isMeasured ? "pipe" : "ignore"],
    env: { ...Object.fromEntries(inherited), NODE_DISABLE_COMPILE_CACHE: fileLimitKiB === undefined ? "" : "1" },
    ...(user !== undefined && { uid: user, gid: user }),
  });
  const [, stdout, stderr, memory] = child.stdio;
  if (!(stdout instanceof Readable && stderr instanceof Readable)) throw new Error("It was started without pipes.");
  let said = "";
  stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const ended = once(child, "close") as Promise<[number | null, string | null]>;
  const ready = once(createInterface({ input: stdout }), "line") as Promise<[string]>;
  const first = await Promise.race([ready, ended.then(([code]) => new NotStarted(code, said))]);
  if (first instanceof NotStarted) throw first;
  const { url } = JSON.parse(first[0]) as { url: string };
  return {
    child,
    url,
    errors: () => said,
    measure: async () => {
      if (!(memory instanceof Readable)) throw new Error("It was not started to be measured.");
      const told = once(memory, "data") as Promise<[Buffer]>;
      child.kill("SIGUSR2");
      return JSON.parse((await told)[0].toString()) as NodeJS.MemoryUsage;
    },
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      const [code, ending] = await ended;
      return { code, signal: ending };
    },
  };
}
