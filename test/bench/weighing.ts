/** Measures the memory and the CPU of an idle server. */
import { setTimeout as pause } from "node:timers/promises";
import type { Inspector } from "./inspector.ts";
import { cpuOf, memoryOf, type Server } from "./process.ts";

export interface Weight {
  /** Resident memory, before garbage collection. */
  readonly resident: number;
  /** Resident memory and JavaScript heap, after garbage collection. */
  readonly collected: number;
  readonly heap: number;
}

/** Measures a server's memory. The returned function measures it again, and returns the growth per item in KiB. */
export async function weigh(server: Server, { collect }: Inspector): Promise<(count: number) => Promise<Weight>> {
  const heapBefore = await collect();
  await pause(1000);
  const before = memoryOf(server);
  return async (count) => {
    const resident = (memoryOf(server) - before) / count;
    const heap = (await collect()) - heapBefore;
    await pause(1000);
    return { resident, collected: (memoryOf(server) - before) / count, heap: heap / 1024 / count };
  };
}

/** Measures the CPU of an idle server, in percent of a core. */
export async function idleCpu(server: Server, ms: number): Promise<number> {
  const before = cpuOf(server);
  await pause(ms);
  return (cpuOf(server) - before) / 10 / ms;
}
