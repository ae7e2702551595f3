/** Measures the time to start and the size of installations. */
import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { versionsOf, type Bench, type Fauxgen, type Section } from "../bench-run.ts";
import { fauxgenIn } from "../fauxgen.ts";
import type { Installed } from "../packages.ts";
import { stopServer, type Server } from "../process.ts";
import { startReference } from "../references.ts";
import { progress, ratioCells, spread } from "../report.ts";
import { Results } from "../results.ts";

/** The number of starts of the reference before the measurement. */
const WARM_UP_STARTS = 5;
const FIRST_EVER = "fauxgen, first ever";

interface Starter {
  readonly name: string;
  readonly start: () => Promise<Server | undefined>;
  readonly installed?: Installed | undefined;
}

/** Measures the time from spawn to the first response, and reports the size of each installation. */
export const startSection: Section = async (bench) => {
  const { report, pace, peers, before } = bench;
  report.section("Start-up, from spawn to the first answer");
  const aimock = peers.find(({ name }) => name.startsWith("aimock"));
  if (aimock === undefined) throw new Error("aimock, the reference of start-up, was not installed.");
  const again = { name: `${aimock.name} again`, start: aimock.start };
  const starters: Starter[] = [
    ...versionsOf(bench).map((version) => laterStarts(bench, version)),
    firstStarts(bench),
    { name: "bare node:http", start: () => startReference("node:http") },
    { name: "bare Fastify", start: () => startReference("Fastify") },
    ...peers,
    again,
  ];
  // Does not count the first start of each server, which fills fauxgen's cache of compiled code and the file cache.
  progress("first starts");
  for (const starter of starters) await timeStart(starter);
  const warmUp: number[] = [];
  for (let count = 0; count < WARM_UP_STARTS; count += 1) warmUp.push((await timeStart(aimock)) ?? Number.NaN);
  const reference = { name: aimock.name, twin: again.name, leastInWarmUp: Math.min(...warmUp) };
  const results = new Results<"ms">("ms", reference);
  const absent = new Set<string>();
  for (let round = 0; round < pace.rounds; round += 1) {
    progress(`round ${round + 1} of ${pace.rounds}`);
    for (const starter of round % 2 === 0 ? starters : starters.toReversed()) {
      const ms = await timeStart(starter);
      if (ms === undefined) absent.add(starter.name);
      else results.add(starter.name, { ms });
    }
  }
  report.reference(results.reference, "ms");
  report.table(
    ["server", "ms (quartiles)", "to aimock, quietest rounds", "all rounds", "packages", "MB installed"],
    starters.map(({ name, installed }) => [
      name,
      ...(absent.has(name)
        ? ["did not start", "", ""]
        : [spread(results.of(name, "ms")), ...ratioCells(results.ratio(name))]),
      installed === undefined ? "" : String(installed.packages),
      installed === undefined ? "" : installed.megabytes.toFixed(1),
    ]),
  );
  report.say(
    "All servers run from packages that were installed from the registry without install scripts. fauxgen caches its compiled code for the next start, as it does for users. The row of the first start uses an empty cache in each round. The first response is to a create for fauxgen and aimock, and to a read for the others. fauxgen also promises to be ready within 400 ms on a machine like this one; it is ready shortly before its first response.",
  );
  report.sideBySide("fauxgen", before?.name, (other) => results.ratio("fauxgen", other));
  report.floor("start-up, to aimock", results.ratio("fauxgen").quietest.median, 2, results.aaSpread);
};

/** Returns the milliseconds of a start; undefined if the peer does not start. */
async function timeStart({ start }: Starter): Promise<number | undefined> {
  const server = await start();
  if (server === undefined) return undefined;
  await stopServer(server);
  return server.startMs;
}

/** Returns a starter whose starts use the code that earlier starts compiled. */
function laterStarts({ folder }: Bench, { name, installed }: Fauxgen): Starter {
  const temporary = join(folder, `starts-of-${name}`);
  mkdirSync(temporary);
  const start = fauxgenIn(installed.folder, temporary);
  return { name, start: () => start(name, []), installed };
}

/** Returns a starter whose starts find no compiled code. */
function firstStarts({ folder, fauxgen }: Bench): Starter {
  const { installed } = fauxgen;
  return {
    name: FIRST_EVER,
    start: () => fauxgenIn(installed.folder, mkdtempSync(join(folder, "first-")))(FIRST_EVER, []),
  };
}
