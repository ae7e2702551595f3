/** CPU time per request, measured in slices that take turns. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ratioOf, spreadOf, type Spread } from "./arithmetic.ts";
import type { Loaded, Order } from "./load.ts";
import { cpuOf, wireOf, type Request, type Server } from "./process.ts";
import { progress } from "./report.ts";

const CONNECTIONS = 64;
/** A server's code is compiled as it is used: before it has done much work, the compiler is what is measured. */
export const WARM_UP_MS = 5000;
/** It goes on, to so much at most, while each step is cheaper than the one before by more than a tenth: a JVM takes long. */
const LONGEST_WARM_UP_MS = 30_000;
const WARM_UP_STEP_MS = WARM_UP_MS / 2;

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

export async function warmUp(all: readonly Case[]): Promise<void> {
  for (const each of all) {
    progress(`warming up ${each.name}`);
    let cost = Number.POSITIVE_INFINITY;
    for (let ms = 0; ms < LONGEST_WARM_UP_MS; ms += WARM_UP_STEP_MS) {
      const { cpuUs } = await measure(each, { milliseconds: WARM_UP_STEP_MS });
      if (ms + WARM_UP_STEP_MS >= WARM_UP_MS && cpuUs > cost * 0.9) break;
      cost = cpuUs;
    }
  }
}

/** What was measured of each case, round by round. */
export class Results {
  readonly #slices = new Map<string, Slice[]>();

  add(name: string, slice: Slice): void {
    const slices = this.#slices.get(name);
    if (slices === undefined) this.#slices.set(name, [slice]);
    else slices.push(slice);
  }

  get names(): string[] {
    return [...this.#slices.keys()];
  }

  of(name: string, figure: keyof Slice): Spread {
    return spreadOf(this.#all(name, figure));
  }

  ratio(name: string, reference: string): Spread {
    return ratioOf(this.#all(name, "cpuUs"), this.#all(reference, "cpuUs"));
  }

  #all(name: string, figure: keyof Slice): number[] {
    return (this.#slices.get(name) ?? []).map((slice) => slice[figure]);
  }
}

/** Warms all up, then measures each once a round, in an order that turns round, so that none always follows the same. */
export async function compare(cases: readonly Case[], { rounds, sliceMs }: Pace): Promise<Results> {
  await warmUp(cases);
  const results = new Results();
  for (let round = 0; round < rounds; round += 1) {
    progress(`round ${round + 1} of ${rounds}`);
    const order = round % 2 === 0 ? cases : cases.toReversed();
    for (const each of order) results.add(each.name, await measure(each, { milliseconds: sliceMs }));
  }
  return results;
}
