/** Starts and stops the measured servers on core 0, and reads their CPU time and memory. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { readAnswer } from "./answer.ts";

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** How to start a server. */
export interface Launch {
  readonly name: string;
  readonly command: readonly string[];
  readonly port: number;
  /** The request that is repeated until its response is 2xx; the server has then started. */
  readonly firstRequest: Request;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Server {
  readonly name: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** The time from spawn to the first response. */
  readonly startMs: number;
  /** CPU nanoseconds by thread, including ended threads. */
  readonly threads: Map<string, number>;
}

const START_WITHIN_MS = 60_000;
const running = new Set<Server>();
// Two runs on one machine search different ranges of ports.
let nextPort = 10_000 + (process.pid % 1000) * 20;

export async function startServer({ name, command, port, firstRequest, cwd, env }: Launch): Promise<Server> {
  const inherited = Object.entries(process.env).filter(([key]) => !/^(?:FAUXGEN_|NODE_|npm_)/i.test(key));
  const wire = wireOf(firstRequest);
  const began = performance.now();
  const child = spawn("taskset", ["-c", "0", ...command], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...Object.fromEntries(inherited), ...env },
    cwd,
  });
  let complaint = "";
  child.stderr.on("data", (bytes: Buffer) => (complaint = `${complaint}${bytes.toString()}`.slice(-1000)));
  const server = { name, port, child, startMs: 0, threads: new Map<string, number>() };
  running.add(server);
  while (!(await isAnswered(port, wire))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (!hasEnded && performance.now() - began < START_WITHIN_MS) continue;
    await stopServer(server);
    throw new Error(`${name} ${hasEnded ? "ended" : "did not answer"} instead of starting. ${complaint.trim()}`);
  }
  const started = { ...server, startMs: performance.now() - began };
  running.delete(server);
  running.add(started);
  return started;
}

export async function stopServer(server: Server): Promise<void> {
  running.delete(server);
  const { child } = server;
  if (child.exitCode !== null || child.signalCode !== null) return;
  const processes = treeOf(child);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    kill(processes, signal);
    if (child.exitCode !== null || child.signalCode !== null) return;
    await Promise.race([once(child, "exit"), pause(5000, undefined, { ref: false })]);
  }
}

/** Kills the servers that are still running after an error or a signal. */
export function killServers(): void {
  for (const { child } of running) kill(treeOf(child), "SIGKILL");
}

/** Returns the user and system time of the server's process tree since its start, in microseconds. */
export function cpuOf({ child, threads }: Server): number {
  for (const pid of treeOf(child)) {
    for (const thread of readThreads(pid)) {
      const text = readIfThere(`/proc/${pid}/task/${thread}/schedstat`);
      if (text !== undefined) threads.set(`${pid}/${thread}`, Number(text.split(" ")[0]));
    }
  }
  return [...threads.values()].reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1000;
}

/** Returns the resident memory of the server's process tree, in KiB. */
export function memoryOf({ child }: Server): number {
  return treeOf(child).reduce(
    (sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readIfThere(`/proc/${pid}/status`) ?? "")?.[1] ?? 0),
    0,
  );
}

/** Returns the bytes of a request on the wire. */
export function wireOf({ method, path, headers = {}, body }: Request): string {
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
  return [`${method} ${path} HTTP/1.1`, ...lines, "", text].join("\r\n");
}

/** Returns the first of `count` consecutive free ports, and never returns a port twice. */
export async function findPort(count = 1): Promise<number> {
  for (;;) {
    const first = nextPort;
    nextPort += count;
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(ports.map(isFree));
    if (free.every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return true;
  } catch {
    return false;
  }
}

/** Sends a request on a new connection, and returns whether the response is 2xx. Waits briefly if it is not. */
async function isAnswered(port: number, wire: string): Promise<boolean> {
  const isGood = await new Promise<boolean>((resolve) => {
    let bytes = Buffer.alloc(0);
    const socket = connect({ port, host: "127.0.0.1", noDelay: true }, () => socket.write(wire))
      .on("data", (more: Buffer) => {
        bytes = Buffer.concat([bytes, more]);
        const answer = readAnswer(bytes);
        if (answer === undefined) return;
        resolve(answer.status >= 200 && answer.status < 300);
        socket.destroy();
      })
      .on("error", () => {
        resolve(false);
      })
      .on("close", () => {
        resolve(false);
      });
  });
  if (!isGood) await pause(2);
  return isGood;
}

function kill(processes: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // The process has already ended.
    }
  }
}

function treeOf({ pid }: ChildProcess): number[] {
  const tree = [pid ?? 0];
  for (const each of tree) {
    for (const thread of readThreads(each)) {
      const children = readIfThere(`/proc/${each}/task/${thread}/children`) ?? "";
      tree.push(...children.split(" ").filter(Boolean).map(Number));
    }
  }
  return tree;
}

function readThreads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
