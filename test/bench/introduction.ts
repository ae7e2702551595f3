/** Writes the introduction of the benchmarks page: what was measured, how, and on which machine. */
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
    `This page compares the cost of fauxgen with the cost of minimal reference servers and of similar tools. \`npm run bench\` measured it on ${date}.`,
    `The CPU column shows the user and system time of the server's whole process tree. Servers run on core 0. The load generator runs on core 1, with 64 connections and one request at a time on each. All compared servers were measured in one run. Each server was warmed up for ${WARM_UP_MS / 1000} s, or longer while its cost still fell. The run had ${rounds} rounds of alternating slices of ${sliceMs / 1000} s, or half of that where many servers are compared. Costs are medians of all rounds, with quartiles. Costs of different runs or machines are not comparable.`,
    `Ratios are taken within a round. On a busy machine, the costs of expensive and cheap servers look more alike. The ratio that counts is therefore the median over the quarter of the rounds in which the reference cost least; the median over all rounds is shown beside it. Every reference is measured twice, in two processes. These two processes are the A/A pair. Without measurement error, their ratio would be 1. The spread of the pair is the quartile of this ratio that is farther from 1, over the same rounds. A floor is the highest allowed value of a figure, and the spread is the only tolerance of a floor: a ratio that exceeds its floor by a greater factor fails the run. Any other figure above its floor fails the run too. A run is noisy if a reference's median over all rounds is more than ${NOISY_ABOVE} times the least cost of its warm-up, if the spread of its A/A pair is more than ${NOISY_ABOVE}, or if a fully loaded reference had its core for less than ${percent(LEAST_BUSY)} of the time. A noisy run fails and is not published.`,
    `fauxgen ${version}, Node.js ${process.versions.node}, Java ${java}, ${cpus().length} x ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}.`,
  ];
}
