/** Starts fauxgen processes to be loaded, killed and starved. */
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
  /** Returns its memory after a full collection; works only if the server was started with `isMeasured`. */
  readonly measure: () => Promise<NodeJS.MemoryUsage>;
  /** Returns the longest turn of its event loop since the last call; works under the same condition. */
  readonly longestTurnMs: () => Promise<number>;
  /** Ends it with SIGTERM or SIGKILL. */
  readonly stop: (signal?: "SIGTERM" | "SIGKILL") => Promise<{ code: number | null; signal: string | null }>;
}

export interface ServerOptions {
  /** The CLI to run; the sources when absent. */
  readonly cli?: string | undefined;
  /** The size limit of each of its files in KiB, to simulate a full disk. */
  readonly fileLimitKiB?: number | undefined;
  /** The user and group id of the process. */
  readonly user?: number | undefined;
  /** The limit of the process's heap, in MiB. */
  readonly heapMiB?: number | undefined;
  /** Whether {@link LoadedServer.measure} will be used. */
  readonly isMeasured?: boolean;
}

/** Code that is loaded before the server: on a signal it collects garbage and writes the memory usage. */
const TELL_MEMORY = `import { writeSync } from "node:fs";
process.on("SIGUSR2", () => { gc(); gc(); writeSync(3, JSON.stringify(process.memoryUsage()) + "\\n"); });`;

/**
 * Code that measures how long the server keeps requests waiting: the longest turn of its event loop, in processor time
 * of its thread, which other processes of the machine do not lengthen. On a signal it writes the longest turn since the
 * last signal, in milliseconds.
 */
const TELL_TURNS = `import { writeSync } from "node:fs";
const spent = () => { const { user, system } = process.threadCpuUsage(); return user + system; };
let longest = 0;
let before = spent();
const look = () => {
  const now = spent();
  longest = Math.max(longest, now - before);
  before = now;
  setImmediate(look).unref();
};
look();
process.on("SIGPWR", () => { writeSync(3, JSON.stringify({ longestMs: longest / 1000 }) + "\\n"); longest = 0; before = spent(); });`;
const imported = (code: string): string[] => ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
const MEASURED = ["--expose-gc", ...imported(TELL_MEMORY), ...imported(TELL_TURNS)];

/** Thrown when a server does not start, with its exit code and its output. */
export class NotStarted extends Error {
  readonly code: number | null;
  readonly said: string;

  constructor(code: number | null, said: string) {
    super(`It ended with ${String(code)}: ${said}`);
    this.code = code;
    this.said = said;
  }
}

/** Starts a server on a free port; rejects with {@link NotStarted} when it exits. */
export async function startServer(args: readonly string[], options: ServerOptions = {}): Promise<LoadedServer> {
  const { cli = SOURCES, fileLimitKiB, user, heapMiB, isMeasured = false } = options;
  const flags = [
    ...(heapMiB === undefined ? [] : [`--max-old-space-size=${heapMiB}`]),
    ...(isMeasured ? MEASURED : []),
  ];
  const command = [process.execPath, ...flags, cli, "--port", "0", "--json", ...args];
  // A write over the limit is then an error, and not a signal that ends the process.
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
  const ask = async (signal: "SIGUSR2" | "SIGPWR"): Promise<unknown> => {
    if (!(memory instanceof Readable)) throw new Error("It was not started to be measured.");
    const told = once(memory, "data") as Promise<[Buffer]>;
    child.kill(signal);
    return JSON.parse((await told)[0].toString());
  };
  return {
    child,
    url,
    errors: () => said,
    measure: async () => (await ask("SIGUSR2")) as NodeJS.MemoryUsage,
    longestTurnMs: async () => ((await ask("SIGPWR")) as { longestMs: number }).longestMs,
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      const [code, ending] = await ended;
      return { code, signal: ending };
    },
  };
}
