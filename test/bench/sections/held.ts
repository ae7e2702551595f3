import { setTimeout as pause } from "node:timers/promises";
import { percentile, spreadOf } from "../arithmetic.ts";
import type { Bench, Section } from "../bench-run.ts";
import { createOne, readOf } from "../fauxgen.ts";
import { fauxgenHolder, hold, idleCpu, referenceHolder, type Holder } from "../holding.ts";
import { inspected } from "../inspector.ts";
import { compare } from "../measuring.ts";
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

interface Measured {
  readonly kibEach: number;
  readonly cpuPercent: number;
  readonly p50: number;
  readonly p99: number;
  readonly last: number;
}

export const heldSection: Section = async (bench) => {
  const { report } = bench;
  report.section("Held requests");
  const rows: string[][] = [];
  const ratios = new Map<number, number>();
  for (const count of COUNTS) {
    const all: Record<Name, Measured[]> = { fauxgen: [], "bare Fastify": [] };
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      progress(`holding ${count}, ${repeat + 1} of ${REPEATS}`);
      for (const name of SERVERS) all[name].push(await measureHeld(bench, name, count));
    }
    const median = (name: Name, of: keyof Measured): number => spreadOf(all[name].map((each) => each[of])).median;
    for (const name of SERVERS) {
      const figures = (["kibEach", "cpuPercent", "p50", "p99", "last"] as const).map((of) => figure(median(name, of)));
      rows.push([count.toLocaleString("en"), name, ...figures]);
    }
    ratios.set(count, median("fauxgen", "kibEach") / median("bare Fastify", "kibEach"));
  }
  report.table(["held", "server", "KiB each", "CPU % while held", "p50 ms", "p99 ms", "last ms"], rows);
  report.say(
    `Each waits for a job of its own on a socket of its own; all jobs end at one instant. Medians of ${REPEATS} new processes. Memory is resident; times are from asking for the end (one \`advance\`) to each client's first byte. Bare Fastify awaits a promise for each, with an event emitter, a timer of 55 s and a listener for the socket's end.`,
  );
  await reportHeap(bench);
  for (const [count, ratio] of ratios)
    report.floor(`memory of one of ${count.toLocaleString("en")} held requests, to bare Fastify`, ratio, 1.3);
  await reportReads(bench);
};

async function measureHeld(bench: Bench, name: Name, count: number): Promise<Measured> {
  const holder = await startHolder(bench, name);
  await (await hold(holder, WARM_UP)).release();
  const { kibEach, release } = await hold(holder, count);
  const cpuPercent = await idleCpu(holder.server, 2000);
  const times = await release();
  await stopServer(holder.server);
  return { kibEach, cpuPercent, p50: percentile(times, 0.5), p99: percentile(times, 0.99), last: percentile(times, 1) };
}

/** What of the memory is JavaScript's, in processes of their own: to be inspected costs memory too. */
async function reportHeap(bench: Bench): Promise<void> {
  progress("weighing heaps");
  const figures: string[] = [];
  for (const name of SERVERS) {
    const { options, heapBytes } = await inspected();
    const holder = await startHolder(bench, name, options);
    await (await hold(holder, WARM_UP)).release();
    let before = 0;
    const prepare = async (count: number): ReturnType<Holder["prepare"]> => {
      const requests = await holder.prepare(count);
      before = await heapBytes();
      return requests;
    };
    const { release } = await hold({ ...holder, prepare }, MOST);
    figures.push(`${figure(((await heapBytes()) - before) / 1024 / MOST)} KiB each for ${name}`);
    await release();
    await stopServer(holder.server);
  }
  bench.report.say(`Of that on the JavaScript heap, with ${MOST.toLocaleString("en")} held: ${figures.join(", ")}.`);
}

/** Plain reads of a server that holds many, beside one that holds none. */
async function reportReads(bench: Bench): Promise<void> {
  const names = [`${MOST.toLocaleString("en")} held`, "none held"];
  const cases = [];
  const releases = [];
  for (const name of names) {
    progress(name);
    const holder = await startHolder(bench, "fauxgen");
    if (name === names[0]) releases.push((await hold(holder, MOST)).release);
    cases.push({ name, server: holder.server, request: readOf(await createOne(holder.server)) });
  }
  await pause(1000);
  const results = await compare(cases, bench.pace);
  const [many = "", none = ""] = names;
  bench.report.table(
    ["plain reads of a status, with", "CPU µs each (quartiles)", `to ${none}`, "requests/s"],
    names.map((name) => [
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

async function startHolder({ startFauxgen }: Bench, name: Name, options: readonly string[] = []): Promise<Holder> {
  return name === "fauxgen"
    ? fauxgenHolder(await startFauxgen(name, [], options))
    : referenceHolder(await startReference("Fastify", options));
}
