/** Servers under measurement: started pinned to one core, and asked what they cost. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

export interface Server {
  readonly name: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** From spawn to its first line of output. */
  readonly startMs: number;
}

/** Starts a server on core 0; it is ready when it prints a line with its port as JSON. */
export async function startServer(
  name: string,
  command: readonly string[],
  options: { port?: number; env?: Record<string, string> } = {},
): Promise<Server> {
  const began = performance.now();
  const child = spawn("taskset", ["-c", "0", ...command], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...options.env },
  });
  if (options.port !== undefined) {
    await answering(options.port);
    return { name, port: options.port, child, startMs: performance.now() - began };
  }
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { port } = JSON.parse(line) as { port: number };
  return { name, port, child, startMs: performance.now() - began };
}

export async function stopServer({ child }: Server): Promise<void> {
  child.kill("SIGTERM");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** User and system time of the threads of the server's process tree, in microseconds. */
export function cpuOf({ child }: Server): number {
  return treeOf(child.pid ?? 0).reduce((sum, pid) => {
    const nanoseconds = readdirSync(`/proc/${pid}/task`).map((thread) => {
      const [onCpu] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
      return Number(onCpu);
    });
    return sum + nanoseconds.reduce((total, each) => total + each, 0) / 1000;
  }, 0);
}

/** Resident memory of the server's process tree, in KiB. */
export function memoryOf({ child }: Server): number {
  return treeOf(child.pid ?? 0).reduce(
    (sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0),
    0,
  );
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Slice {
  readonly cpuUsPerRequest: number;
  readonly requestsPerSecond: number;
}

/** Loads a server for a while from core 1. */
export async function measure(
  server: Server,
  request: Request,
  milliseconds: number,
  connections = 64,
): Promise<Slice> {
  const before = cpuOf(server);
  const { stdout } = await run("taskset", [
    "-c",
    "1",
    process.execPath,
    here("load.ts"),
    String(server.port),
    String(connections),
    String(milliseconds),
    wireOf(request),
  ]);
  const { answered, refused } = JSON.parse(stdout) as { answered: number; refused: number };
  if (refused > 0 || answered === 0)
    throw new Error(`${server.name}: ${refused} of ${answered + refused} requests were refused.`);
  return { cpuUsPerRequest: (cpuOf(server) - before) / answered, requestsPerSecond: (answered * 1000) / milliseconds };
}

function wireOf({ method, path, headers = {}, body }: Request): string {
  const text = body === undefined ? "" : JSON.stringify(body);
  const all = {
    host: "127.0.0.1",
    ...headers,
    ...(body !== undefined && {
      "content-type": "application/json",
      "content-length": String(Buffer.byteLength(text)),
    }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, "", text].join("\\r\\n");
}

function treeOf(root: number): number[] {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          return [
            [Number(pid), Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1])] as const,
          ];
        } catch {
          return [];
        }
      }),
  );
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

async function answering(port: number): Promise<void> {
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
