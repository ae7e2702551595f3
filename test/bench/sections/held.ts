import { setTimeout as pause } from "node:timers/promises";
import { percentile, spreadOf } from "../arithmetic.ts";
import type { Bench, Section } from "../bench-run.ts";
import { createOne, readOf } from "../fauxgen.ts";
import { fauxgenHolder, hold, idleCpu, referenceHolder, type Holder, type Weight } from "../holding.ts";
import { inspector } from "../inspector.ts";
import { compare, type Case } from "../measuring.ts";
import { stopServer } from "../process.ts";
import { startReference } from "../references.ts";
import { figure, progress, spread } from "../report.ts";

const COUNTS = [1000, 5000, 10_000];
const MOST = 10_000;
/** Held and let go before anything is measured. */
const WARM_UP = 300;
/** Each in a new process, because a process keeps memory that it once had. */
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
    ratios.push([count, median("fauxgen", "collected") / median("bare Fastify", "collected")]);
  }
  report.table(
    ["held", "server", "KiB each", "collected", "on the heap", "CPU % while held", "p50 ms", "p99 ms", "last ms"],
    rows,
  );
  report.say(
    `Each waits for a job of its own on a socket of its own; all jobs end at one instant. Medians of ${REPEATS} new processes. Memory is resident: what it grew by, and what of that is left once garbage was collected, which depends less on when the collector last ran; the floor is on that. Times are from asking for the end (one \`advance\`) to each client's first byte. Bare Fastify awaits a promise for each, with an event emitter, a timer of 55 s and a listener for the socket's end.`,
  );
  for (const [count, ratio] of ratios)
    report.floor(`memory of one of ${count.toLocaleString("en")} held requests, to bare Fastify`, ratio, 1.3);
  await reportReads(bench);
};

async function measureHeld(bench: Bench, name: Name, count: number): Promise<Measured> {
  const holder = await startHolder(bench, name);
  await (await hold(holder, WARM_UP)).release();
  const { weigh, release } = await hold(holder, count);
  const cpuPercent = await idleCpu(holder.server, 2000);
  const weight = await weigh();
  const times = await release();
  await stopServer(holder.server);
  const [p50 = Number.NaN, p99 = Number.NaN, last = Number.NaN] = [0.5, 0.99, 1].map((part) => percentile(times, part));
  return { ...weight, cpuPercent, p50, p99, last };
}

/** Plain reads of a server that holds many, beside one that has let as many go. */
async function reportReads(bench: Bench): Promise<void> {
  // In this order, because this process cannot hold twice as many sockets.
  const none = "none held";
  const many = `${MOST.toLocaleString("en")} held`;
  const cases: Case[] = [];
  const releases: (() => Promise<unknown>)[] = [];
  for (const name of [none, many]) {
    progress(name);
    const holder = await startHolder(bench, "fauxgen");
    const { release } = await hold(holder, MOST);
    if (name === many) releases.push(release);
    else await release();
    cases.push({ name, server: holder.server, request: readOf(await createOne(holder.server)) });
  }
  await pause(1000);
  const results = await compare(cases, bench.pace);
  bench.report.table(
    ["plain reads of a status, with", "CPU µs each (quartiles)", `to ${none}`, "requests/s"],
    [many, none].map((name) => [
      name,
      spread(results.of(name, "cpuUs")),
      spread(results.ratio(name, none)),
      figure(results.of(name, "perSecond").median),
    ]),
  );
  bench.report.floor(`a status read while ${many}, to none`, results.ratio(many, none).median, 1.25);
  for (const release of releases) await release();
  for (const { server } of cases) await stopServer(server);
}

async function startHolder({ startFauxgen }: Bench, name: Name): Promise<Holder> {
  const { options, collect } = await inspector();
  return name === "fauxgen"
    ? fauxgenHolder(await startFauxgen(name, [], options), collect)
    : referenceHolder(await startReference("Fastify", options), collect);
}
