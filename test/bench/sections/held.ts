/** Measures the memory, the CPU and the release of held requests. */
import { setTimeout as pause } from "node:timers/promises";
import { percentile, spreadOf } from "../arithmetic.ts";
import type { Bench, Section } from "../bench-run.ts";
import { fauxgenHolder, hold, letGo, referenceHolder } from "../holding.ts";
import { inspector } from "../inspector.ts";
import { stopServer } from "../process.ts";
import { startReference } from "../references.ts";
import { figure, progress } from "../report.ts";
import { idleCpu, weigh, type Weight } from "../weighing.ts";

const COUNTS = [1000, 5000, 10_000];
/** The requests that are held and released before the measurement. */
const WARM_UP = 300;
/** The repetitions, each in a new process, because a process keeps the memory that it once used. */
const REPEATS = 3;

const SERVERS = ["fauxgen", "bare Fastify"] as const;
type Name = (typeof SERVERS)[number];

interface Measured extends Weight {
  readonly cpuPercent: number;
  readonly p50: number;
  readonly p99: number;
  readonly last: number;
}

const FIGURES = ["resident", "collected", "heap", "cpuPercent", "p50", "p99", "last"] as const;

export const heldSection: Section = async (bench) => {
  const { report } = bench;
  report.section("Held requests");
  const rows: string[][] = [];
  const ratios: [count: number, ratio: number][] = [];
  for (const count of COUNTS) {
    const all: Record<Name, Measured[]> = { fauxgen: [], "bare Fastify": [] };
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      progress(`holding ${count}, ${repeat + 1} of ${REPEATS}`);
      for (const name of SERVERS) all[name].push(await measureHeld(bench, name, count));
    }
    const median = (name: Name, of: keyof Measured): number => spreadOf(all[name].map((each) => each[of])).median;
    for (const name of SERVERS)
      rows.push([count.toLocaleString("en"), name, ...FIGURES.map((of) => figure(median(name, of)))]);
    const ofBare = all["bare Fastify"].map(({ collected }) => collected);
    ratios.push([
      count,
      spreadOf(all.fauxgen.map(({ collected }, at) => collected / (ofBare[at] ?? Number.NaN))).median,
    ]);
  }
  report.table(
    ["held", "server", "KiB each", "collected", "on the heap", "CPU % while held", "p50 ms", "p99 ms", "last ms"],
    rows,
  );
  report.say(
    `Each request waits for its own job on its own socket; all jobs end at one instant. Figures are medians of ${REPEATS} new processes. Memory is the growth of resident memory, before and after garbage collection. The floor applies to the memory after garbage collection, which depends less on the time of the last collection. Times are from the request that ends the jobs (one \`advance\`) to the last byte of each client's response; the next section measures them repeatedly in one process. Bare Fastify awaits a promise for each request, with an event emitter, a timer of 55 s and a listener for the socket's end.`,
  );
  for (const [count, ratio] of ratios)
    report.floor(`memory of one of ${count.toLocaleString("en")} held requests, to bare Fastify`, ratio, 1.3);
};

async function measureHeld({ fauxgen }: Bench, name: Name, count: number): Promise<Measured> {
  const inspecting = await inspector();
  const { options } = inspecting;
  const holder =
    name === "fauxgen"
      ? fauxgenHolder(await fauxgen.start(name, [], options))
      : referenceHolder(await startReference("Fastify", options));
  await letGo(holder, await hold(holder, await holder.prepare(WARM_UP)));
  const requests = await holder.prepare(count);
  const weighAgain = await weigh(holder.server, inspecting);
  const held = await hold(holder, requests);
  await pause(1000);
  const cpuPercent = await idleCpu(holder.server, 2000);
  const weight = await weighAgain(count);
  const times = await letGo(holder, held);
  await stopServer(holder.server);
  const [p50 = Number.NaN, p99 = Number.NaN, last = Number.NaN] = [0.5, 0.99, 1].map((part) => percentile(times, part));
  return { ...weight, cpuPercent, p50, p99, last };
}
