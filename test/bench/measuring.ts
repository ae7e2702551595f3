/** Measures CPU time per request, in alternating slices. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Loaded, Order } from "./load.ts";
import { cpuOf, wireOf, type Request, type Server } from "./process.ts";
import { progress } from "./report.ts";
import { Results } from "./results.ts";

const CONNECTIONS = 64;
/** The shortest warm-up. A server's code is compiled during its first requests, which would distort the measurement. */
export const WARM_UP_MS = 5000;
/** The longest warm-up. It continues while each step costs over a tenth less than the one before; a JVM takes long. */
const LONGEST_WARM_UP_MS = 30_000;
const WARM_UP_STEP_MS = WARM_UP_MS / 2;
/** The slices of a warm-up step. They are short, so that the machine is likely to be quiet during one of them. */
const WARM_UP_SLICES = 5;

/** The number of rounds and the length of their slices. */
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
  /** The part of the time in which the server was busy; well under 1 if the load was too small. */
  readonly busy: number;
  readonly bodyBytes: number;
}

/** The length of a slice: a time, or a number of requests. */
export type Amount = { readonly milliseconds: number } | { readonly count: number };

let generator: ChildProcess | undefined;

/** Sends an order to the load generator on core 1, and returns its result. */
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

/** Loads a server with a repeated request. Throws if a response is not 2xx. */
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

/** Warms up each case, and returns its least cost in a slice of the warm-up, by name. */
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
 * Warms up all cases, and then measures each case once per round. The order alternates, so that a case does not always
 * follow the same other case. `reference` and `twin` name two of the cases.
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
