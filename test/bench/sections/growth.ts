/** Measures the cost of requests with growing numbers of stored generations. */
import { setTimeout as pause } from "node:timers/promises";
import { ratioOf } from "../arithmetic.ts";
import type { Section } from "../bench-run.ts";
import { askJson, create, createOne, list, readOf } from "../fauxgen.ts";
import { load, measure, warmUp, type Case, type Slice } from "../measuring.ts";
import { cpuOf, memoryOf, stopServer, wireOf, type Server } from "../process.ts";
import { figure, megabytes, progress, ratioCells, spread, type Report } from "../report.ts";
import { Results } from "../results.ts";

const SIZES = [100, 10_000, 100_000, 1_000_000] as const;
const SMALLEST = 100;
const LISTED = 100_000;
const LARGEST = 1_000_000;
/** The creates of a slice: enough to measure, and too few to change the size of any store except the smallest. */
const CREATES = 2000;
const IDLE_MS = 5000;
const WORK = ["status", "create", "list"] as const;
type Work = (typeof WORK)[number];

interface Store {
  /** The number of stored generations as text, which names the store's measurements. */
  readonly name: string;
  readonly size: number;
  readonly server: Server;
  /** The id of a stored generation. */
  id: string;
}

/** The A/A pair: two stores of the smallest size. */
const REFERENCE = { name: count(SMALLEST), twin: `${count(SMALLEST)} again` };
const STORES = [...SIZES.map((size) => ({ name: count(size), size })), { name: REFERENCE.twin, size: SMALLEST }];

/** Measures status reads, creates and lists with growing numbers of stored, pending generations. */
export const growthSection: Section = async ({ report, pace, fauxgen }) => {
  report.section("Growing numbers of stored generations, all pending");
  const stores: Store[] = [];
  for (const { name, size } of STORES) {
    progress(`making ${name} generations`);
    const server = await fauxgen.start(`fauxgen with ${name}`);
    // Filling a larger store also warms up its server.
    if (size < LISTED) {
      await warmUp([creates(server, "warm")]);
      await drop(server, "warm");
    }
    stores.push({
      name,
      size,
      server,
      id: await (size === LARGEST ? fillAndWeigh(server, report) : fill(server, size)),
    });
  }
  const least = await warmUp(stores.flatMap((store) => [reads(store), lists(store)]));
  const resultsOf = (work: Work): Results<keyof Slice> => {
    const leastInWarmUp = least.get(`${work} among ${REFERENCE.name}`) ?? Number.NaN;
    return new Results<keyof Slice>("cpuUs", { ...REFERENCE, leastInWarmUp });
  };
  const results = { status: resultsOf("status"), create: resultsOf("create"), list: resultsOf("list") };
  const amount = { milliseconds: pace.sliceMs / 2 };
  for (let round = 0; round < pace.rounds; round += 1) {
    progress(`round ${round + 1} of ${pace.rounds}`);
    for (const store of round % 2 === 0 ? stores : stores.toReversed()) {
      results.status.add(store.name, await measure(reads(store), amount));
      results.list.add(store.name, await measure(lists(store), amount));
      results.create.add(store.name, await measure(creates(store.server), { count: CREATES }));
      if (store.size < LISTED) store.id = await fill(store.server, store.size);
    }
  }
  reportGrowth(report, results);
  await reportIdle(report, stores.slice(0, SIZES.length));
  for (const { server } of stores) await stopServer(server);
};

function reportGrowth(report: Report, results: Readonly<Record<Work, Results<keyof Slice>>>): void {
  // One of the three is enough to detect a busy machine. Each is judged by the spread of its own A/A pair.
  const reference = { ...results.status.reference, name: `a status read among ${REFERENCE.name}` };
  report.reference(reference, "µs", results.status.of(REFERENCE.name, "busy").median);
  report.table(
    ["work, stored", "CPU µs each (quartiles)", `to ${SMALLEST} stored, quietest rounds`, "all rounds"],
    WORK.flatMap((work) =>
      STORES.map(({ name }) => [
        `${work}, ${name}`,
        spread(results[work].of(name, "cpuUs")),
        ...ratioCells(results[work].ratio(name)),
      ]),
    ),
  );
  for (const work of WORK) {
    const { aaSpread } = results[work];
    const ratios = SIZES.map((size) => results[work].ratio(count(size)).quietest.median);
    report.floor(`${work}, the most expensive size to ${SMALLEST} stored`, Math.max(...ratios), 1.5, aaSpread);
  }
  const { status, list } = results;
  const inReads = ratioOf(list.costs(count(LISTED)), status.costs(count(LISTED)), status.quietestRounds);
  const what = `listing 50 of ${count(LISTED)}, in status reads`;
  report.floor(what, inReads.quietest.median, 10, Math.max(status.aaSpread, list.aaSpread));
}

/** Reports the CPU of idle servers, after the work that follows a load has ended. */
async function reportIdle(report: Report, stores: readonly Store[]): Promise<void> {
  progress("measuring idle servers");
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

/** Empties the sandbox, creates `size` generations, and returns the id of the last. */
async function fill(server: Server, size: number): Promise<string> {
  await drop(server, "bench");
  await add(server, size - 1);
  return createOne(server);
}

async function drop(server: Server, sandbox: string): Promise<void> {
  await askJson(server, { method: "DELETE", path: `/_fauxgen/sandboxes/${sandbox}` });
}

/** Fills the sandbox to the largest size, and reports the memory at each size. */
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

function reads({ name, server, id }: Store): Case {
  return { name: `status among ${name}`, server, request: readOf(id) };
}

function lists({ name, server }: Store): Case {
  return { name: `list among ${name}`, server, request: list };
}

function creates(server: Server, sandbox = "bench"): Case {
  const headers = { ...create.headers, "x-api-key": `fx_${sandbox}_main` };
  return { name: `create, ${server.name}`, server, request: { ...create, headers } };
}

function count(size: number): string {
  return size.toLocaleString("en");
}
