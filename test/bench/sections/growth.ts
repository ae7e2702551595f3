import { setTimeout as pause } from "node:timers/promises";
import type { Section } from "../bench-run.ts";
import { askJson, create, createOne, list, readOf } from "../fauxgen.ts";
import { load, measure, Results, warmUp, type Case } from "../measuring.ts";
import { cpuOf, memoryOf, stopServer, wireOf, type Server } from "../process.ts";
import { figure, megabytes, progress, spread, type Report } from "../report.ts";

const SIZES = [100, 10_000, 100_000, 1_000_000] as const;
const SMALLEST = 100;
const LISTED = 100_000;
const LARGEST = 1_000_000;
/** Creates of one slice: enough to time, too few to make a store of another size of all but the smallest. */
const CREATES = 2000;
const IDLE_MS = 5000;
const WORK = ["status", "create", "list"] as const;

interface Store {
  readonly size: number;
  readonly server: Server;
  /** One of those that are stored. */
  id: string;
}

/** Status, create and list with ever more generations in the store, all of them pending. */
export const growthSection: Section = async ({ report, pace, startFauxgen }) => {
  report.section("Ever more generations in the store, all pending");
  const stores: Store[] = [];
  for (const size of SIZES) {
    progress(`making ${count(size)} generations`);
    const server = await startFauxgen(`fauxgen with ${count(size)}`);
    // The larger ones are warmed up by being filled.
    if (size < LISTED) {
      await warmUp([creates(server, "warm")]);
      await drop(server, "warm");
    }
    stores.push({ size, server, id: await (size === LARGEST ? fillAndWeigh(server, report) : fill(server, size)) });
  }
  await warmUp(stores.flatMap((store) => [reads(store), lists(store)]));
  const results = new Results();
  for (let round = 0; round < pace.rounds; round += 1) {
    progress(`round ${round + 1} of ${pace.rounds}`);
    for (const store of round % 2 === 0 ? stores : stores.toReversed()) {
      results.add(nameOf("status", store.size), await measure(reads(store), { milliseconds: pace.sliceMs }));
      results.add(nameOf("list", store.size), await measure(lists(store), { milliseconds: pace.sliceMs }));
      results.add(nameOf("create", store.size), await measure(creates(store.server), { count: CREATES }));
      if (store.size < LISTED) store.id = await fill(store.server, store.size);
    }
  }
  reportGrowth(report, results);
  await reportIdle(report, stores);
  for (const { server } of stores) await stopServer(server);
};

function reportGrowth(report: Report, results: Results): void {
  report.table(
    ["stored", ...WORK.flatMap((work) => [`${work}, CPU µs each`, `to ${SMALLEST} stored`])],
    SIZES.map((size) => [
      count(size),
      ...WORK.flatMap((work) => [
        figure(results.of(nameOf(work, size), "cpuUs").median),
        spread(results.ratio(nameOf(work, size), nameOf(work, SMALLEST))),
      ]),
    ]),
  );
  for (const work of WORK) {
    const ratios = SIZES.map((size) => results.ratio(nameOf(work, size), nameOf(work, SMALLEST)).median);
    report.floor(`${work}, of the dearest size to ${SMALLEST} stored`, Math.max(...ratios), 1.5);
  }
  const inReads = results.ratio(nameOf("list", LISTED), nameOf("status", LISTED)).median;
  report.floor(`listing 50 of ${count(LISTED)}, in status reads`, inReads, 10);
}

/** What servers cost that only wait, after what a load leaves behind has been cleared up. */
async function reportIdle(report: Report, stores: readonly Store[]): Promise<void> {
  progress("leaving all alone");
  await pause(IDLE_MS);
  const before = stores.map(({ server }) => cpuOf(server));
  await pause(IDLE_MS);
  const ms = stores.map(({ server }, index) => (cpuOf(server) - (before[index] ?? 0)) / 1000);
  report.table(
    ["pending", "CPU ms in 5 s of idling"],
    stores.map(({ size }, index) => [count(size), figure(ms[index] ?? Number.NaN)]),
  );
  report.floor(`CPU of a server that idles with ${count(LARGEST)} pending, ms in 5 s`, ms.at(-1) ?? Number.NaN, 10);
}

/** Empties the sandbox and makes so many; answers the id of the last. */
async function fill(server: Server, size: number): Promise<string> {
  await drop(server, "bench");
  await add(server, size - 1);
  return createOne(server);
}

async function drop(server: Server, sandbox: string): Promise<void> {
  await askJson(server, { method: "DELETE", path: `/_fauxgen/sandboxes/${sandbox}` });
}

/** Fills to the largest size, and reports the memory on the way. */
async function fillAndWeigh(server: Server, report: Report): Promise<string> {
  const kib: number[] = [];
  const sizes = SIZES.filter((size) => size >= 10_000);
  let stored = 0;
  for (const size of sizes) {
    await add(server, size - stored);
    stored = size;
    kib.push(memoryOf(server));
  }
  report.table(
    ["stored", "MB", "bytes for each since the line above"],
    sizes.map((size, index) => [
      count(size),
      megabytes(kib[index] ?? 0),
      index === 0
        ? ""
        : figure((((kib[index] ?? 0) - (kib[index - 1] ?? 0)) * 1024) / (size - (sizes[index - 1] ?? 0))),
    ]),
  );
  return createOne(server);
}

async function add(server: Server, size: number): Promise<void> {
  const { answered } = await load({ port: server.port, wire: wireOf(create), connections: 64, count: size });
  if (answered !== size) throw new Error(`${server.name}: only ${answered} of ${size} were created.`);
}

function reads({ server, size, id }: Store): Case {
  return { name: nameOf("status", size), server, request: readOf(id) };
}

function lists({ server, size }: Store): Case {
  return { name: nameOf("list", size), server, request: list };
}

function creates(server: Server, sandbox = "bench"): Case {
  const headers = { ...create.headers, "x-api-key": `fx_${sandbox}_main` };
  return { name: `create, ${server.name}`, server, request: { ...create, headers } };
}

function nameOf(work: (typeof WORK)[number], size: number): string {
  return `${work} among ${count(size)}`;
}

function count(size: number): string {
  return size.toLocaleString("en");
}
