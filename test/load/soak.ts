/**
 * Runs a mixed load of the vendors of `jobs.ts` in many sandboxes, in rounds, with held requests, webhooks, faults, cancels and
 * resets. The stream of events reports every transition: none may be lost or repeated, and no client may get a 5xx that
 * no fault caused. After each round the load pauses, and the store and the outbox must agree with the account. Then
 * every sandbox is reset, and memory must return to its level of the round before.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lives, type LivesAccount } from "./lives.ts";
import { judgeMemory, type MemorySample } from "./memory.ts";
import { createRandom } from "./random.ts";
import { openReceiver, type Receiver } from "./receiver.ts";
import { startServer, type LoadedServer } from "./server.ts";
import { follow } from "./stream.ts";
import { Traffic, type TrafficCounts } from "./traffic.ts";

const CLIENTS = 16;
const MIB = 1024 ** 2;
/** The time for pending work to end after the load has paused: a webhook is retried after 1 s and 5 s. */
const SETTLING_MS = 20_000;
/** The largest write-ahead log. It is written back and restarted, so it must not grow with every write. */
const LOG_MIB = 64;

export interface SoakAccount extends TrafficCounts {
  readonly seconds: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly generations: LivesAccount;
  readonly webhooks: number;
  readonly memory: readonly MemorySample[];
  /** With a file: the final size of the file and of its log. */
  readonly fileMiB?: { readonly database: number; readonly log: number };
  readonly violations: readonly string[];
}

export interface SoakOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly sandboxes: number;
  readonly seed: number;
  /** Whether the server stores its data in a file. */
  readonly withData?: boolean;
  readonly cli?: string | undefined;
  readonly say?: (line: string) => void;
}

export async function soak(options: SoakOptions): Promise<SoakAccount> {
  const { seconds, rounds, sandboxes, seed, withData = false, cli, say = () => undefined } = options;
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-soak-"));
  const data = join(folder, "soak.db");
  const receiver = await openReceiver(9);
  const server = await startServer(
    ["--timing", "queued=100ms,processing=300ms", "--journal-entries", "200", ...(withData ? ["--data", data] : [])],
    { cli, isMeasured: true },
  );
  const { url } = server;
  const lives = new Lives();
  const { violations } = lives;
  const leave = new AbortController();
  const events = await follow(`${url}/_fauxgen/events?kinds=generation.,sandbox.reset`, leave.signal, (heard) => {
    lives.hear(heard);
  });
  const traffic = new Traffic({ url, webhookUrl: receiver.url, sandboxes, lives, violations });
  const memory: MemorySample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const peakMiB = await load(server, traffic, (seconds * 1000) / rounds, seed + round * CLIENTS);
    await settle(url, lives, receiver);
    for (let index = 0; index < sandboxes; index += 1) await traffic.reset(`soak-${index}`);
    await until(() => lives.stored.size === 0);
    const { heapUsed, external, rss } = await server.measure();
    const { requests } = traffic.counts;
    const sample = { liveMiB: (heapUsed + external) / MIB, residentMiB: rss / MIB, peakMiB, requests };
    memory.push(sample);
    say(`  round ${round + 1} of ${rounds}: ${show(sample)}, ${violations.length} violations`);
  }
  violations.push(...judgeMemory(memory));
  const fileMiB = { database: 0, log: 0 };
  if (withData) {
    fileMiB.database = statSync(data).size / MIB;
    fileMiB.log = statSync(`${data}-wal`).size / MIB;
    if (fileMiB.log > LOG_MIB) violations.push(`the write-ahead log grew to ${fileMiB.log} MiB`);
  }
  const generations = lives.close();
  if (events.isOver()) violations.push("the stream of events ended");
  leave.abort();
  await events.ended;
  const { code } = await server.stop();
  if (code !== 0 || server.errors().includes('level":50'))
    violations.push(`it ended with ${String(code)}: ${server.errors()}`);
  receiver.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    seconds,
    ...traffic.counts,
    statuses: traffic.statuses,
    generations,
    webhooks: receiver.told.size,
    memory: memory.map((sample) => rounded(sample)),
    ...(withData && { fileMiB: rounded(fileMiB) }),
    violations,
  };
}

/** Runs all clients for a while; returns the highest memory meanwhile, in MiB. */
async function load({ url }: LoadedServer, traffic: Traffic, forMs: number, seed: number): Promise<number> {
  const end = performance.now() + forMs;
  let peak = 0;
  const work = async (client: number): Promise<void> => {
    const random = createRandom(seed + client);
    while (performance.now() < end) await traffic.step(random);
  };
  const watch = async (): Promise<void> => {
    while (performance.now() < end) {
      await pause(Math.min(1000, forMs / 2));
      const [, resident] = /^process_resident_memory_bytes (\S+)/m.exec(await metricsOf(url)) ?? [];
      peak = Math.max(peak, Number(resident) / MIB);
    }
  };
  await Promise.all([watch(), ...Array.from({ length: CLIENTS }, async (_, client) => work(client))]);
  return peak;
}

/** Waits until every generation has ended and was announced, and compares the server with the account. */
async function settle(url: string, lives: Lives, { told }: Receiver): Promise<void> {
  const { violations } = lives;
  await until(() => lives.underWay.length === 0);
  // The metrics may reuse earlier counts for a while if counting took long.
  let generations = new Map<string, number>();
  let deliveries = new Map<string, number>();
  let held = "";
  const agrees = async (): Promise<boolean> => {
    const text = await metricsOf(url);
    generations = countsIn(text, "fauxgen_generations");
    deliveries = countsIn(text, "fauxgen_deliveries");
    held = /^fauxgen_held_requests (\d+)$/m.exec(text)?.[1] ?? "";
    return sorted(generations) === sorted(lives.stored) && !deliveries.has("sync pending") && held === "0";
  };
  await until(agrees);
  if (sorted(generations) !== sorted(lives.stored))
    violations.push(`stored are ${sorted(generations)}; by events it is ${sorted(lives.stored)}`);
  if (held !== "0") violations.push(`${held} requests are still held`);
  const ids = lives.storedOf("sync");
  if (sorted(deliveries) !== sorted(new Map(ids.length === 0 ? [] : [["sync delivered", ids.length]])))
    violations.push(`deliveries are ${sorted(deliveries)}; ${ids.length} generations ended`);
  for (const id of ids) if (!told.has(id)) violations.push(`no webhook arrived for the end of ${id}`);
}

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

/** Returns the values of a metric with a vendor and one other label, by `vendor label`. */
function countsIn(metrics: string, name: string): Map<string, number> {
  const lines = metrics.matchAll(new RegExp(`^${name}\\{vendor="(\\w+)",\\w+="(\\w+)"\\} (\\d+)$`, "gm"));
  return new Map([...lines].map(([, vendor, value, count]) => [`${vendor ?? ""} ${value ?? ""}`, Number(count)]));
}

const sorted = (counts: ReadonlyMap<string, number>): string =>
  JSON.stringify([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + SETTLING_MS;
  while (!(await isSo()) && performance.now() < end) await pause(50);
}

const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const rounded = <Sizes extends object>(sizes: Sizes): Sizes =>
  Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, Math.round(Number(size) * 10) / 10])) as Sizes;

const show = (sample: MemorySample): string => {
  const { liveMiB, residentMiB, peakMiB, requests } = rounded(sample);
  return `${requests} requests; live ${liveMiB} MiB, resident ${residentMiB} (${peakMiB} under load)`;
};
