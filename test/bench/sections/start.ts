import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ratioOf, spreadOf } from "../arithmetic.ts";
import type { Section } from "../bench-run.ts";
import { fauxgenIn } from "../fauxgen.ts";
import type { Installed } from "../packages.ts";
import { stopServer, type Server } from "../process.ts";
import { startReference } from "../references.ts";
import { figure, progress, spread } from "../report.ts";

interface Starter {
  readonly name: string;
  readonly start: () => Promise<Server | undefined>;
  readonly installed?: Installed | undefined;
}

/** From spawn to the first answer, and what had to be installed for it. */
export const startSection: Section = async ({ report, pace, folder, fauxgen, peers }) => {
  report.section("Start-up, from spawn to the first answer");
  const temporary = join(folder, "first-start");
  mkdirSync(temporary);
  const startFauxgen = fauxgenIn(fauxgen.folder, temporary);
  const starters: Starter[] = [
    { name: "fauxgen", start: () => startFauxgen("fauxgen", []), installed: fauxgen },
    { name: "bare node:http", start: () => startReference("node:http") },
    { name: "bare Fastify", start: () => startReference("Fastify") },
    ...peers,
  ];
  const times = new Map<string, number[]>(starters.map(({ name }) => [name, []]));
  // The first of each is not counted: ours then keeps what was compiled, and the system their files.
  const firstMs: (number | undefined)[] = [];
  for (let round = 0; round <= pace.rounds; round += 1) {
    progress(round === 0 ? "first starts" : `round ${round} of ${pace.rounds}`);
    for (const { name, start } of starters) {
      const server = await start();
      if (server === undefined) continue;
      if (round === 0) firstMs.push(server.startMs);
      else times.get(name)?.push(server.startMs);
      await stopServer(server);
    }
  }
  const timesOf = (name: string): number[] => times.get(name) ?? [];
  const aimock = peers.find(({ name }) => name.startsWith("aimock"))?.name ?? "";
  report.table(
    ["server", "ms (quartiles)", "to aimock", "packages", "MB installed"],
    starters.map(({ name, installed }) => [
      name,
      timesOf(name).length === 0 ? "did not start" : spread(spreadOf(timesOf(name))),
      timesOf(name).length === 0 ? "" : figure(ratioOf(timesOf(name), timesOf(aimock)).median),
      installed === undefined ? "" : String(installed.packages),
      installed === undefined ? "" : installed.megabytes.toFixed(1),
    ]),
  );
  report.say(
    `All run from their packages, as installed from the registry without install scripts. fauxgen keeps what was compiled for the next start, as users have it: its first start, before that, took ${figure(firstMs[0] ?? Number.NaN)} ms. The first answer is to a create for fauxgen and aimock, and to a read for the others. Promised besides, in milliseconds and so only of a machine like this one: ready, which is a little before that, within 400.`,
  );
  report.floor("start-up, to aimock", ratioOf(timesOf("fauxgen"), timesOf(aimock)).median, 2);
};
