/**
 * Measures, from a process of its own, how long another sandbox's status reads take: one every 5 ms, whether the ones
 * before were answered or not. So a server that stops for a moment delays every read of that moment.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { fileURLToPath } from "node:url";

const PERIOD_MS = 5;
const SANDBOX = "stopwatch";
const OWN_FILE = fileURLToPath(import.meta.url);

export interface Measured {
  readonly reads: number;
  readonly failed: number;
  readonly slowestMs: number;
}

export interface Stopwatch {
  /** Measures from now on. */
  readonly start: () => void;
  /** Returns what was measured since the start, once every read was answered. */
  readonly stop: () => Promise<Measured>;
  readonly end: () => void;
}

/** Starts the process. */
export async function openStopwatch(url: string): Promise<Stopwatch> {
  const child = fork(OWN_FILE, [url], { stdio: "inherit" });
  await once(child, "message");
  return {
    start: () => child.send("start"),
    stop: async () => {
      const measured = once(child, "message") as Promise<[Measured]>;
      child.send("stop");
      return (await measured)[0];
    },
    end: () => child.kill(),
  };
}

/** What the process does. */
async function measure(url: string): Promise<void> {
  const headers = { authorization: `Bearer fx_${SANDBOX}_main`, "content-type": "application/json" };
  const body = JSON.stringify({ model: "flux-2-dev", prompt: "fauxgen:stuck" });
  const created = await fetch(`${url}/api/ai/queue`, { method: "POST", headers, body });
  const { generations } = (await created.json()) as { generations: { generation_id: string }[] };
  const path = `${url}/api/ai/queue/${generations[0]?.generation_id ?? ""}`;
  const agent = new Agent({ keepAlive: true });
  let isRunning = false;
  let state = { reads: 0, failed: 0, slowestMs: 0, open: 0 };
  const read = (dueAt: number): void => {
    const own = state;
    own.open += 1;
    own.reads += 1;
    const end = (isRight: boolean): void => {
      own.open -= 1;
      own.slowestMs = Math.max(own.slowestMs, performance.now() - dueAt);
      if (!isRight) own.failed += 1;
    };
    get(path, { agent, headers }, (response) => {
      response.resume().once("end", () => {
        end(response.statusCode === 200);
      });
    }).once("error", () => {
      end(false);
    });
  };
  let next = 0;
  setInterval(() => {
    if (!isRunning) return;
    for (const now = performance.now(); next <= now; next += PERIOD_MS) read(next);
  }, 1);
  process.on("message", (message) => {
    isRunning = message === "start";
    if (isRunning) {
      state = { reads: 0, failed: 0, slowestMs: 0, open: 0 };
      next = performance.now();
      return;
    }
    const poll = setInterval(() => {
      if (state.open > 0) return;
      clearInterval(poll);
      const { open: _open, ...measured } = state;
      process.send?.(measured);
    }, PERIOD_MS);
  });
  process.send?.("ready");
}

if (process.argv[1] === OWN_FILE) await measure(process.argv[2] ?? "");
