/** Shows how much of the memory budget is in use, and by what. */
import { z } from "zod";
import { memoryKinds, type MemoryBudget } from "../platform/memory-budget.ts";

export const memoryDocument = z.strictObject({
  limit: z.int().meta({ description: "Bytes that clients can make the server keep in memory: --memory" }),
  used: z.int().meta({ description: "Bytes in use, without bodies that are being received" }),
  by: z.strictObject(Object.fromEntries(memoryKinds.map((kind) => [kind, z.int()]))),
});

export function showMemory(budget: MemoryBudget): z.output<typeof memoryDocument> {
  return {
    limit: budget.limit,
    used: Math.round(budget.used),
    by: Object.fromEntries(memoryKinds.map((kind) => [kind, Math.round(budget.usedBy(kind))])),
  };
}
