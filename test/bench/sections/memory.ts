/** Measures the memory of an idle server, a sandbox and a stored generation. */
import { setTimeout as pause } from "node:timers/promises";
import { spreadOf } from "../arithmetic.ts";
import type { Bench, Section } from "../bench-run.ts";
import { askJson, create, createOne, list, PENDING, readOf } from "../fauxgen.ts";
import { inspector, type Inspector } from "../inspector.ts";
import { load, measure } from "../measuring.ts";
import { memoryOf, stopServer, wireOf, type Server } from "../process.ts";
import { figure, megabytes, progress } from "../report.ts";
import { weigh, type Weight } from "../weighing.ts";

const READS_MS = 60_000;
const SANDBOXES = 2000;
const STORED = 100_000;
/** The generations that exist before the first measurement, so that the store's fixed cost is not counted. */
const STORED_BEFORE = 10_000;
/** The repetitions, each in a new process, because a process keeps the memory that it once used. */
const REPEATS = 3;

/** Measures fauxgen's memory. */
export const memorySection: Section = async (bench) => {
  const { report } = bench;
  report.section("Memory");
  progress("idling, and a minute of status reads");
  const server = await bench.fauxgen.start("fauxgen");
  const read = { name: "fauxgen", server, request: readOf(await createOne(server)) };
  await pause(2000);
  const idle = memoryOf(server);
  await measure(read, { milliseconds: READS_MS });
  const after = memoryOf(server);
  await stopServer(server);
  report.table(
    ["fauxgen", "MB resident"],
    [
      ["idle, after its first answers", megabytes(idle)],
      [`after ${READS_MS / 1000} s of status reads`, megabytes(after)],
    ],
  );
  const sandboxes = await repeat(bench, "sandboxes made by a key", weighSandboxes);
  const stored = await repeat(bench, `generations of ${STORED.toLocaleString("en")}`, weighStored);
  report.table(
    ["each", "KiB resident", "collected", "on the heap"],
    [
      [`sandbox that a key made, of ${SANDBOXES.toLocaleString("en")}`, ...sandboxes],
      [`generation, from ${STORED_BEFORE.toLocaleString("en")} to ${STORED.toLocaleString("en")} stored`, ...stored],
    ],
  );
  report.say(
    `Figures are the growth of memory for each sandbox or generation, before and after garbage collection. They are medians of ${REPEATS} new processes. A list request created each sandbox.`,
  );
};

/** Repeats a measurement in new processes, and returns the medians as cells. */
async function repeat(
  { fauxgen }: Bench,
  what: string,
  weighSome: (server: Server, inspecting: Inspector) => Promise<Weight>,
): Promise<string[]> {
  const weights: Weight[] = [];
  for (let count = 0; count < REPEATS; count += 1) {
    progress(`weighing ${what}, ${count + 1} of ${REPEATS}`);
    const inspecting = await inspector();
    const server = await fauxgen.start("fauxgen", PENDING, inspecting.options);
    weights.push(await weighSome(server, inspecting));
    await stopServer(server);
  }
  const figures = ["resident", "collected", "heap"] as const;
  return figures.map((of) => figure(spreadOf(weights.map((weight) => weight[of])).median));
}

async function weighSandboxes(server: Server, inspecting: Inspector): Promise<Weight> {
  const make = async (name: string): Promise<void> => {
    await askJson(server, { ...list, headers: { "x-api-key": `fx_${name}_main` } });
  };
  // Creates some sandboxes first, because the first ones also compile code and allocate shared memory.
  for (let count = 0; count < 100; count += 1) await make(`early-${count}`);
  const weighAgain = await weigh(server, inspecting);
  for (let count = 0; count < SANDBOXES; count += 1) await make(`own-${count}`);
  return weighAgain(SANDBOXES);
}

async function weighStored(server: Server, inspecting: Inspector): Promise<Weight> {
  const order = { port: server.port, wire: wireOf(create), connections: 64 };
  await load({ ...order, count: STORED_BEFORE });
  const weighAgain = await weigh(server, inspecting);
  await load({ ...order, count: STORED - STORED_BEFORE });
  return weighAgain(STORED - STORED_BEFORE);
}
