/**
 * Attacks the time of a server, one attack and one process at a time, while another process reads another sandbox. The
 * reads may be slower by little, and no turn of the server's event loop may be long.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "./server.ts";
import { stallAttacks, type StallAttack, type StallTarget } from "./stall-attacks.ts";
import { openStopwatch, type Measured } from "./stopwatch.ts";

/** How much slower the slowest read may be than without the attack, and the longest turn. */
const MOST_MS = 50;

/** The same during one body over 4 MiB. */
const MOST_OF_LARGE_MS = 300;

/** How long the reads are measured without the attack. */
const QUIET_MS = 3000;

/** An attack that exceeds is repeated, because other processes stop the server and the reader too. */
const ATTEMPTS = 3;

export interface StallOptions {
  /** The part of each attack's numbers to use; 1 for all. */
  readonly scale: number;
  readonly cli?: string | undefined;
  /** The attacks to run; all by default. */
  readonly only?: readonly string[];
}

interface Run {
  readonly statuses: Readonly<Record<string, number>>;
  readonly quiet: Measured;
  readonly attacked: Measured;
  readonly longestTurnMs: number;
}

export interface StallAccount {
  readonly attacks: readonly (Run & { readonly attack: string; readonly attempts: number })[];
  readonly violations: readonly string[];
}

/** Runs each attack against a process of its own. */
export async function attackTime({ scale, cli, only }: StallOptions): Promise<StallAccount> {
  const attacks: StallAccount["attacks"][number][] = [];
  const violations: string[] = [];
  for (const [attack, options] of Object.entries(stallAttacks)) {
    if (only !== undefined && !only.includes(attack)) continue;
    const most = options.isLargeBody === true ? MOST_OF_LARGE_MS : MOST_MS;
    let excess: string[] = [];
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const run = await attackOnce(options, scale, cli);
      excess = excessOf(run, most);
      if (excess.length > 0 && attempt < ATTEMPTS) continue;
      attacks.push({ attack, attempts: attempt, ...run });
      break;
    }
    violations.push(...excess.map((each) => `${attack}: ${each}`));
  }
  return { attacks, violations };
}

function excessOf({ quiet, attacked, longestTurnMs, statuses }: Run, most: number): string[] {
  const wrong: string[] = [];
  const slower = Math.round(attacked.slowestMs - quiet.slowestMs);
  if (slower > most) wrong.push(`the slowest read took ${slower} ms more than without the attack`);
  if (longestTurnMs > most) wrong.push(`a turn of the event loop took ${Math.round(longestTurnMs)} ms`);
  if (attacked.failed > 0) wrong.push(`${attacked.failed} reads failed`);
  const late = Object.keys(statuses).filter((status) => / lost$|^received within (?![12] s)/.test(status));
  wrong.push(...late);
  return wrong;
}

async function attackOnce(
  { prepare, run, args = [] }: StallAttack,
  scale: number,
  cli: string | undefined,
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "fauxgen-stalls-"));
  const data = ["--data", join(folder, "stalls.db")];
  const server = await startServer(["--log-level", "error", ...(args[0] === "--sandbox-ttl" ? [] : data), ...args], {
    cli,
    isMeasured: true,
  });
  const statuses: Record<string, number> = {};
  const target: StallTarget = {
    url: server.url,
    count: (of) => Math.max(1, Math.round(of * scale)),
    note: (status) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
    },
  };
  const stopwatch = await openStopwatch(server.url);
  try {
    // Control is loaded on its first request.
    await (await fetch(`${server.url}/_fauxgen/ready`)).arrayBuffer();
    await prepare?.(target);
    stopwatch.start();
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    const quiet = await stopwatch.stop();
    await server.longestTurnMs();
    stopwatch.start();
    await run(target);
    const attacked = await stopwatch.stop();
    return { statuses, quiet, attacked, longestTurnMs: await server.longestTurnMs() };
  } finally {
    stopwatch.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
