/** Runs an attack on a server, and checks afterwards what the attack left behind. */
import { exchange } from "./exchange.ts";
import type { FireOptions, Fired } from "./fire.ts";
import { openWorld, residueOf } from "./world.ts";
import type { World } from "./world.ts";

/** The allowed growth of the heap, in MiB, after everything that requests created was dropped. */
export const HEAP_MIB = 12;

/** The result of an attack; remains that it left behind are among the violations. */
export interface Survived extends Fired {
  readonly held: number;
  readonly sockets: number;
  /** The growth from the end of the warm-up to the end, after everything that requests created was dropped. */
  readonly heapGrowthMiB: number;
}

export interface SurviveOptions extends FireOptions {
  /** How many requests precede the first memory measurement, so that one-time caches do not count; default a fifth. */
  readonly warmingUp?: number;
}

/** The offset of the warm-up's seeds, so that they differ from the later seeds, which count up from the first. */
const ELSEWHERE = 1_000_000;

/** Runs an attack. `rehearse` does the attack's own work without the server. */
export async function survive(
  attack: (world: World, options: FireOptions) => Promise<Fired>,
  { count, seed, warmingUp = Math.ceil(count / 5), ...options }: SurviveOptions,
  rehearse: (options: FireOptions) => void = () => undefined,
): Promise<Survived> {
  const world = await openWorld();
  try {
    // The documents, and their longest example requests, are compiled once.
    for (const path of ["openapi/control.json", "outcomes"]) {
      const url = `/_fauxgen/${path}`;
      await exchange({ ...world, method: "GET", url, headers: {}, body: undefined, patienceMs: 20_000 });
    }
    const measured = { ...options, count: count - warmingUp, seed };
    const first = await attack(world, { ...options, count: warmingUp, seed: seed + ELSEWHERE });
    rehearse(measured);
    const before = await residueOf(world);
    const second = await attack(world, measured);
    const { held, sockets, heapMiB } = await residueOf(world);
    const heapGrowthMiB = Math.round((heapMiB - before.heapMiB) * 10) / 10;
    return {
      sent: first.sent + second.sent,
      statuses: sum(first.statuses, second.statuses),
      held,
      sockets,
      heapGrowthMiB,
      violations: [
        ...new Set([...first.violations, ...second.violations]),
        ...(held > 0 ? [`${held} requests are still held`] : []),
        ...(sockets > 0 ? [`${sockets} connections are still open`] : []),
        ...(heapGrowthMiB > HEAP_MIB ? [`the live heap grew by ${heapGrowthMiB} MiB`] : []),
      ],
    };
  } finally {
    await world.close();
  }
}

type Counts = Readonly<Record<string, number>>;

function sum(one: Counts, other: Counts): Counts {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return Object.fromEntries(names.map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}
