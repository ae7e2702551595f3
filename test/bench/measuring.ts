/** CPU time per request, measured in slices that take turns. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Loaded, Order } from "./load.ts";
import { cpuOf, wireOf, type Request, type Server } from "./process.ts";
import { progress } from "./report.ts";
import { Results } from "./results.ts";

const CONNECTIONS = 64;
/** A server's code is compiled as it is used: before it has done much work, the compiler is what is measured. */
export const WARM_UP_MS = 5000;
/** It goes on, to so much at most, while each step is cheaper than the one before by more than a tenth: a JVM takes long. */
const LONGEST_WARM_UP_MS = 30_000;
const WARM_UP_STEP_MS = WARM_UP_MS / 2;
/** Short, so that one of them is likely to find the machine quiet. */
const WARM_UP_SLICES = 5;

/** How much is measured. */
export interface Pace {
  readonly rounds: number;
  readonly sliceMs: number;
}

export interface Case {
  readonly name: string;
  readonly server: Server;
  readonly request: Request;
}

export interface Slice {
  readonly cpuUs: number;
  readonly perSecond: number;
  /** Part of the time that the server was at work; well under 1 when the load was too little. */
  readonly busy: number;
  readonly bodyBytes: number;
}

/** How much a slice asks: for a time, or a number of requests. */
export type Amount = { readonly milliseconds: number } | { readonly count: number };

let generator: ChildProcess | undefined;

/** Asks the load generator, on core 1, and answers once it is done. */
export async function load(order: Order): Promise<Loaded> {
  if (generator === undefined) {
    const program = fileURLToPath(new URL("load.ts", import.meta.url));
    generator = spawn("taskset", ["-c", "1", process.execPath, program], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
  }
  generator.send(order);
  const [loaded] = (await once(generator, "message")) as [Loaded];
  return loaded;
}

export function stopLoading(): void {
  generator?.kill();
  generator = undefined;
}

/** Loads a server with one request over and over. Throws when any was not answered by 2xx. */
export async function measure({ name, server, request }: Case, amount: Amount): Promise<Slice> {
  const before = cpuOf(server);
  const loaded = await load({ port: server.port, wire: wireOf(request), connections: CONNECTIONS, ...amount });
  const { answered, refused, milliseconds, bodyBytes } = loaded;
  if (refused > 0 || answered === 0)
    throw new Error(`${name}: ${refused} of ${answered + refused} requests were refused.`);
  const cpuUs = cpuOf(server) - before;
  return {
    cpuUs: cpuUs / answered,
    perSecond: (answered * 1000) / milliseconds,
    busy: cpuUs / 1000 / milliseconds,
    bodyBytes,
  };
}

/** Warms each up; answers the least that it cost in a slice of that, by name. */
export async function warmUp(all: readonly Case[]): Promise<ReadonlyMap<string, number>> {
  const least = new Map<string, number>();
  for (const each of all) {
    progress(`warming up ${each.name}`);
    const costs: number[] = [];
    let before = Number.POSITIVE_INFINITY;
    for (let ms = 0; ms < LONGEST_WARM_UP_MS; ms += WARM_UP_STEP_MS) {
      let sum = 0;
      for (let slice = 0; slice < WARM_UP_SLICES; slice += 1) {
        const { cpuUs } = await measure(each, { milliseconds: WARM_UP_STEP_MS / WARM_UP_SLICES });
        costs.push(cpuUs);
        sum += cpuUs;
      }
      if (ms + WARM_UP_STEP_MS >= WARM_UP_MS && sum > before * 0.9) break;
      before = sum;
    }
    least.set(each.name, Math.min(...costs));
  }
  return least;
}

/**
 * Warms all up, then measures each once a round, in an order that turns round, so that none always follows the same.
 * `reference` and `twin` name two of the cases.
 */
export async function compare(
  cases: readonly Case[],
  { reference, twin }: { readonly reference: string; readonly twin: string },
  { rounds, sliceMs }: Pace,
): Promise<Results<keyof Slice>> {
  const least = await warmUp(cases);
  const leastInWarmUp = least.get(reference) ?? Number.NaN;
  const results = new Results<keyof Slice>("cpuUs", { name: reference, twin, leastInWarmUp });
  for (let round = 0; round < rounds; round += 1) {
    progress(`round ${round + 1} of ${rounds}`);
    const order = round % 2 === 0 ? cases : cases.toReversed();
    for (const each of order) results.add(each.name, await measure(each, { milliseconds: sliceMs }));
  }
  return results;
}
