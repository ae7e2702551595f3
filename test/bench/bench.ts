/**
 * Implements `npm run bench`, which compares the cost of fauxgen with minimal reference servers and with its peers. It
 * compares CPU time per request (user and system, of the server's whole process tree), measured in alternating slices
 * of one run. Figures of two runs are not comparable, and throughput says more about the machine. Servers run on core
 * 0, the load generator on core 1.
 *
 * A ratio is judged over the quarter of the rounds in which its reference was quietest, because all servers look more
 * alike on a busy machine. The reference runs twice, and the difference of its two processes is a floor's only
 * tolerance. A run fails if it misses a floor or is noisy. A complete and quiet run, of about 43 minutes, writes
 * docs/benchmarks.md.
 *
 *   --only NAMES      sections to run: --only status,create
 *   --rounds N        number of rounds, by default 16
 *   --slice MS        length of a slice, by default 2000
 *   --against PATH    another fauxgen, a tarball or a folder to pack, which is measured in the same rounds of status,
 *                     create and start
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pack, ROOT } from "../package/packed.ts";
import type { Bench, Fauxgen, Section } from "./bench-run.ts";
import { fauxgenIn } from "./fauxgen.ts";
import { introduce } from "./introduction.ts";
import { stopLoading } from "./measuring.ts";
import { install } from "./packages.ts";
import { installPeers } from "./peers.ts";
import { killServers } from "./process.ts";
import { FEWEST_ROUNDS, reasonsNotToPublish, SHORTEST_SLICE_MS } from "./publishing.ts";
import { progress, Report } from "./report.ts";
import { createSection } from "./sections/create.ts";
import { growthSection } from "./sections/growth.ts";
import { heldSection } from "./sections/held.ts";
import { memorySection } from "./sections/memory.ts";
import { releaseSection } from "./sections/release.ts";
import { scheduleSection } from "./sections/schedule.ts";
import { startSection } from "./sections/start.ts";
import { statusSection } from "./sections/status.ts";
import { withSection } from "./sections/with.ts";

const SECTIONS: Readonly<Record<string, Section>> = {
  status: statusSection,
  create: createSection,
  with: withSection,
  growth: growthSection,
  schedule: scheduleSection,
  held: heldSection,
  release: releaseSection,
  memory: memorySection,
  start: startSection,
};
const NAMES = Object.keys(SECTIONS);
const BESIDE_PEERS = new Set(["status", "start"]);
const PAGE = "docs/benchmarks.md";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: NAMES.join(",") },
    rounds: { type: "string", default: String(FEWEST_ROUNDS) },
    slice: { type: "string", default: String(SHORTEST_SLICE_MS) },
    against: { type: "string" },
  },
});
const pace = { rounds: wholeNumber("rounds", values.rounds), sliceMs: wholeNumber("slice", values.slice) };
const chosen = values.only.split(",");
const sections = chosen.map((name) => {
  const section = SECTIONS[name];
  if (section === undefined) throw new RangeError(`Unknown section ${name}. The sections are ${NAMES.join(", ")}.`);
  return section;
});

const folder = mkdtempSync(join(tmpdir(), "fauxgen-bench-"));
const report = new Report();
process.once("exit", () => {
  killServers();
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
try {
  const fauxgen = await installFauxgen("fauxgen", ROOT);
  const before = values.against === undefined ? undefined : await installFauxgen("before", resolve(values.against));
  const peers = chosen.some((name) => BESIDE_PEERS.has(name)) ? await installPeers(join(folder, "peers")) : [];
  // Moves this process off the servers' core.
  execFileSync("taskset", ["-acp", "1", String(process.pid)]);
  const bench: Bench = { report, pace, folder, fauxgen, before, peers };
  for (const section of sections) await section(bench);
  const costs = readFileSync(new URL("costs.md", import.meta.url), "utf8");
  const page = report.render(introduce(fauxgen.installed.version, pace), costs);
  process.stdout.write(page);
  publish(page);
} catch (error) {
  process.stdout.write(report.render(["The run ended with an error."], ""));
  throw error;
}
stopLoading();
complain("Floors missed", report.missed);
complain("The run was noisy; do not quote its figures", report.noise);

/** Writes the page if it may be published, or prints why it may not. */
function publish(page: string): void {
  const omitted = NAMES.filter((name) => !chosen.includes(name));
  const reasons = reasonsNotToPublish({
    ...pace,
    omitted,
    isBesideAnother: values.against !== undefined,
    noise: report.noise,
  });
  if (reasons.length === 0) writeFileSync(join(ROOT, PAGE), page);
  else process.stderr.write(`${PAGE} was not written: ${reasons.join("; ")}.\n`);
}

/** Fails the run if the list of reasons is not empty. */
function complain(heading: string, reasons: readonly string[]): void {
  if (reasons.length === 0) return;
  process.stderr.write(`${heading}:\n${reasons.map((reason) => `- ${reason}`).join("\n")}\n`);
  process.exitCode = 1;
}

/** Installs a tarball, or packs and installs a folder. */
async function installFauxgen(name: string, path: string): Promise<Fauxgen> {
  progress(`packing and installing ${path === ROOT ? name : path}`);
  const isFolder = statSync(path).isDirectory();
  const packed = isFolder ? await pack(path) : undefined;
  const installed = await install(join(folder, name), packed?.tarball ?? path);
  packed?.remove();
  const temporary = join(folder, `temporary-${name}`);
  mkdirSync(temporary);
  return { name, installed, start: fauxgenIn(installed.folder, temporary) };
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new RangeError(`--${option} must be a whole number above 0, not ${text}.`);
}
