/** What a server that only waits takes: memory, and CPU. */
import { setTimeout as pause } from "node:timers/promises";
import type { Inspector } from "./inspector.ts";
import { cpuOf, memoryOf, type Server } from "./process.ts";

export interface Weight {
  /** Resident, with whatever garbage making them left. */
  readonly resident: number;
  /** Resident, and on the JavaScript heap, once garbage was collected. */
  readonly collected: number;
  readonly heap: number;
}

/** Weighs a server; the answer weighs it again, and tells what it grew by for each of so many, in KiB. */
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

/** CPU of a server that is left alone, in percent of a core. */
export async function idleCpu(server: Server, ms: number): Promise<number> {
  const before = cpuOf(server);
  await pause(ms);
  return (cpuOf(server) - before) / 10 / ms;
}
