/**
 * `npm run bench`: what fauxgen costs beside the least that could answer and beside its peers. What is compared is CPU
 * time per request (user and system, of the server's whole process tree), measured in slices that take turns inside
 * one run: figures of two runs are not comparable, and throughput says more about the machine. Servers run on core 0,
 * the load on core 1.
 *
 * A whole run writes docs/benchmarks.md, and takes about 20 minutes; a part of it is only printed. Both fail when a
 * floor is missed by more than a quarter.
 *
 *   --only NAMES    sections to run, of status, create, growth, schedule, held, start: --only status,create
 *   --rounds N      at least 8 (the default) to be written
 *   --slice MS      2000 unless given
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pack } from "../package/packed.ts";
import type { Bench, Section } from "./bench-run.ts";
import { fauxgenIn } from "./fauxgen.ts";
import { stopLoading, WARM_UP_MS } from "./measuring.ts";
import { install } from "./packages.ts";
import { installPeers } from "./peers.ts";
import { killServers } from "./process.ts";
import { progress, Report } from "./report.ts";
import { createSection } from "./sections/create.ts";
import { growthSection } from "./sections/growth.ts";
import { heldSection } from "./sections/held.ts";
import { scheduleSection } from "./sections/schedule.ts";
import { startSection } from "./sections/start.ts";
import { statusSection } from "./sections/status.ts";

const SECTIONS: Readonly<Record<string, Section>> = {
  status: statusSection,
  create: createSection,
  growth: growthSection,
  schedule: scheduleSection,
  held: heldSection,
  start: startSection,
};
const BESIDE_PEERS = new Set(["status", "start"]);
const FEWEST_ROUNDS = 8;
const root = fileURLToPath(new URL("../../", import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: "string", default: Object.keys(SECTIONS).join(",") },
    rounds: { type: "string", default: String(FEWEST_ROUNDS) },
    slice: { type: "string", default: "2000" },
  },
});
const pace = { rounds: Number(values.rounds), sliceMs: Number(values.slice) };
const chosen = values.only.split(",");
const sections = chosen.map((name) => {
  const section = SECTIONS[name];
  if (section === undefined) throw new RangeError(`There is no section ${name}.`);
  return section;
});
const isWhole = Object.keys(SECTIONS).every((name) => chosen.includes(name)) && pace.rounds >= FEWEST_ROUNDS;

const folder = mkdtempSync(join(tmpdir(), "fauxgen-bench-"));
const report = new Report();
process.once("exit", () => {
  killServers();
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
try {
  progress("packing and installing fauxgen");
  const packed = await pack();
  const fauxgen = await install(join(folder, "fauxgen"), packed.tarball);
  packed.remove();
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  const peers = chosen.some((name) => BESIDE_PEERS.has(name)) ? await installPeers(join(folder, "peers")) : [];
  // Off the servers' core.
  execFileSync("taskset", ["-acp", "1", String(process.pid)]);
  const bench: Bench = {
    report,
    pace,
    folder,
    fauxgen,
    startFauxgen: fauxgenIn(fauxgen.folder, temporary),
    peers,
  };
  for (const section of sections) await section(bench);
  const costs = readFileSync(new URL("costs.md", import.meta.url), "utf8");
  const page = report.render(introduce(fauxgen.version), costs);
  if (isWhole) writeFileSync(join(root, "docs/benchmarks.md"), page);
  process.stdout.write(page);
} catch (error) {
  process.stdout.write(report.render(["The run broke off."], ""));
  throw error;
}
stopLoading();
if (report.missed.length > 0) {
  process.stderr.write(`Floors missed:\n${report.missed.map((floor) => `- ${floor}`).join("\n")}\n`);
  process.exitCode = 1;
}

function introduce(version: string): string[] {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const java = /version "(.+?)"/.exec(spawnSync("java", ["-version"], { encoding: "utf8" }).stderr)?.[1] ?? "none";
  const date = new Date().toISOString().slice(0, 10);
  return [
    "# Benchmarks",
    `What fauxgen costs beside the least that could answer and beside its peers, as \`npm run bench\` measured it on ${date}.`,
    `CPU is user and system time of the server's whole process tree. Servers are on core 0, the load on core 1 with 64 connections, one request at a time on each. All that is compared was measured in one run, after ${WARM_UP_MS / 1000} s of warm-up each, or more while it still gets cheaper, in ${pace.rounds} rounds of slices of ${pace.sliceMs / 1000} s that take turns; ratios are taken inside a round. Figures are medians, with quartiles; those of two runs, or machines, are not comparable, their ratios are. A floor that is missed by more than a quarter fails the run.`,
    `fauxgen ${version}, Node.js ${process.versions.node}, Java ${java}, ${cpus().length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}.`,
  ];
}
