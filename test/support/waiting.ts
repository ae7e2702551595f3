/** Waits for what a test has set going, a turn of the event loop at a time. */
import type { Sandbox } from "../../src/engine/sandbox/sandbox.ts";

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until so many requests are held, which they are a few turns after they were sent. */
export async function untilHeld({ heldRequests }: Pick<Sandbox, "heldRequests">, count: number): Promise<void> {
  await until(() => heldRequests.count === count);
}
