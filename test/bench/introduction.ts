/** How a page of figures begins: what was measured, how, and on what. */
import { spawnSync } from "node:child_process";
import { cpus, release, totalmem } from "node:os";
import { LEAST_BUSY, NOISY_ABOVE } from "./arithmetic.ts";
import { WARM_UP_MS, type Pace } from "./measuring.ts";
import { percent } from "./report.ts";

export function introduce(version: string, { rounds, sliceMs }: Pace): string[] {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const java = /version "(.+?)"/.exec(spawnSync("java", ["-version"], { encoding: "utf8" }).stderr)?.[1] ?? "none";
  const date = new Date().toISOString().slice(0, 10);
  return [
    "# Benchmarks",
    `What fauxgen costs beside the least that could answer and beside its peers, as \`npm run bench\` measured it on ${date}.`,
    `CPU is user and system time of the server's whole process tree. Servers are on core 0, the load on core 1 with 64 connections, one request at a time on each. All that is compared was measured in one run, after ${WARM_UP_MS / 1000} s of warm-up each, or more while it still gets cheaper, in ${rounds} rounds of slices of ${sliceMs / 1000} s (where many are compared, of half that) that take turns. Costs are medians of all rounds, with quartiles; those of two runs, or machines, are not comparable.`,
    `Ratios are taken inside a round. A busy machine brings dear and cheap servers closer together, so what counts is the median over the quarter of the rounds in which the reference cost least; that over all rounds stands beside it. Every reference is measured twice, in two processes, and the ratio of the two, which would be 1 if all were exact, is the A/A pair. Its spread, the farther of its quartiles from 1 over those same rounds, is a floor's only tolerance: a ratio that exceeds its floor by a greater factor fails the run, and so does any other figure that exceeds its floor at all. A run is noisy, fails and is not published when a reference's median over all rounds is more than ${NOISY_ABOVE} times the least of its warm-up, when the spread of its A/A pair is more than that, or when a reference that is asked as fast as it answers had its core for less than ${percent(LEAST_BUSY)} of the time.`,
    `fauxgen ${version}, Node.js ${process.versions.node}, Java ${java}, ${cpus().length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}.`,
  ];
}
