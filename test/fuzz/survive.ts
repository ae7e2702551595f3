/** Has a server attacked, and asks afterwards what the attack has left behind. */
import { exchange } from "./exchange.ts";
import type { FireOptions, Fired } from "./fire.ts";
import { openWorld, residueOf } from "./world.ts";
import type { World } from "./world.ts";

/** What the heap may have grown by, in MiB, once everything that requests made is dropped. */
export const HEAP_MIB = 12;

/** What an attack found; whatever it left behind is among the violations. */
export interface Survived extends Fired {
  readonly held: number;
  readonly sockets: number;
  /** From after the warming up to the end, with everything dropped that requests had made. */
  readonly heapGrowthMiB: number;
}

export interface SurviveOptions extends FireOptions {
  /** How many of them go before memory is measured; what is remembered once is no leak. A fifth when absent. */
  readonly warmingUp?: number;
}

/** Seeds of the warming up are far from those of what follows, which count up from where they begin. */
const ELSEWHERE = 1_000_000;

/** `rehearse` does what the attack does for itself, and nothing to the server. */
export async function survive(
  attack: (world: World, options: FireOptions) => Promise<Fired>,
  { count, seed, warmingUp = Math.ceil(count / 5), ...options }: SurviveOptions,
  rehearse: (options: FireOptions) => void = () => undefined,
): Promise<Survived> {
  const world = await openWorld();
  try {
    // The documents, and the longest of the requests that they show, are compiled once.
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
