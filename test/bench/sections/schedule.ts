/** Measures the cost of scheduling and settling due work. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Section } from "../bench-run.ts";
import type { Timed } from "../scheduling.ts";
import { figure } from "../report.ts";

const program = fileURLToPath(new URL("../scheduling.ts", import.meta.url));

/** Measures the scheduler alone in a process. */
export const scheduleSection: Section = async ({ report }) => {
  report.section("Scheduling");
  const { stdout } = await promisify(execFile)("taskset", ["-c", "0", process.execPath, program]);
  const all = JSON.parse(stdout) as Timed[];
  const [first] = all;
  const growth = (timed: Timed, of: "schedule" | "settle"): number => timed[of] / (first?.[of] ?? Number.NaN);
  report.table(
    ["scheduled", "ns to schedule one", "growth", "ns to settle one", "growth", "log2 n, growth"],
    all.map((timed) => [
      timed.size.toLocaleString("en"),
      figure(timed.schedule),
      figure(growth(timed, "schedule")),
      figure(timed.settle),
      figure(growth(timed, "settle")),
      figure(Math.log2(timed.size) / Math.log2(first?.size ?? 0)),
    ]),
  );
  report.say(
    "Each figure is the cost of one transition in a heap of this size, with unsorted due times. The cost grows faster than the logarithm because the heap no longer fits into the processor's cache. A cost proportional to n would have grown by 1,000.",
  );
  const last = all.at(-1);
  const both =
    last === undefined ? Number.NaN : (last.schedule + last.settle) / ((first?.schedule ?? 0) + (first?.settle ?? 0));
  report.floor("scheduling and settling one among 1,000,000, to among 1,000", both, 10);
};
