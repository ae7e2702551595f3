/** Waits for conditions by polling on each turn of the event loop. */
import type { Sandbox } from "../../src/engine/sandbox/sandbox.ts";

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until `count` requests are held, which happens a few turns after they were sent. */
export async function untilHeld({ heldRequests }: Pick<Sandbox, "heldRequests">, count: number): Promise<void> {
  await until(() => heldRequests.count === count);
}
