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
  readonly heapGrowthMiB: number;
}

/** `rehearse` does what the attack does for itself, and nothing to the server. */
export async function survive(
  attack: (world: World, options: FireOptions) => Promise<Fired>,
  { count, seed, ...options }: FireOptions,
  rehearse: (options: FireOptions) => void = () => undefined,
): Promise<Survived> {
  const world = await openWorld();
  try {
    // What is compiled and remembered once is no leak: the documents, and the longest of the requests that they show.
    for (const path of ["openapi/control.json", "outcomes"]) {
      const url = `/_fauxgen/${path}`;
      await exchange({ ...world, method: "GET", url, headers: {}, body: undefined, patienceMs: 20_000 });
    }
    await attack(world, { ...options, count: Math.ceil(count / 5), seed: seed - 1 });
    rehearse({ count, seed });
    const before = await residueOf(world);
    const { violations, ...fired } = await attack(world, { ...options, count, seed });
    const { held, sockets, heapMiB } = await residueOf(world);
    const heapGrowthMiB = Math.round((heapMiB - before.heapMiB) * 10) / 10;
    return {
      ...fired,
      held,
      sockets,
      heapGrowthMiB,
      violations: [
        ...violations,
        ...(held > 0 ? [`${held} requests are still held`] : []),
        ...(sockets > 0 ? [`${sockets} connections are still open`] : []),
        ...(heapGrowthMiB > HEAP_MIB ? [`the live heap grew by ${heapGrowthMiB} MiB`] : []),
      ],
    };
  } finally {
    await world.close();
  }
}
