/** Sends garbage on many sockets, several at a time, and returns the errors in the answers. */
import fc from "fast-check";
import { assault, assaults, statusesIn, type Assault } from "./bytes.ts";
import type { FireOptions, Fired } from "./fire.ts";
import type { World } from "./world.ts";

const AT_ONCE = 16;

/** How long a connection may stay open without a further answer. */
const PATIENCE_MS = 25;

export async function bombard(
  { port }: Pick<World, "port">,
  { count, seed, atOnce = AT_ONCE }: FireOptions,
): Promise<Fired> {
  const statuses: Record<string, number> = {};
  const violations = new Set<string>();
  const one = async (generated: Assault): Promise<void> => {
    const answer = await assault(port, generated, PATIENCE_MS);
    const found = statusesIn(answer);
    for (const status of found.length > 0 ? found : ["none"]) statuses[status] = (statuses[status] ?? 0) + 1;
    const wrong = [
      ...found.filter((status) => status >= 500).map((status) => `status ${status}`),
      ...(answer !== "" && !answer.startsWith("HTTP/1.1 ") ? ["an answer that is not HTTP"] : []),
      ...(answer.includes("INTERNAL") ? ["the emulator failed"] : []),
    ];
    for (const what of wrong)
      violations.add(
        `${generated.name}: ${what}\n  ${show(Buffer.concat(generated.pieces))}\n  -> ${answer.slice(0, 400)}`,
      );
  };
  for (let sent = 0; sent < count; sent += atOnce) {
    const numRuns = Math.min(atOnce, count - sent);
    await Promise.all(fc.sample(assaults, { seed: seed + sent, numRuns }).map(one));
  }
  return { sent: count, statuses, violations: [...violations] };
}

const show = (bytes: Buffer): string => JSON.stringify(bytes.toString("latin1").slice(0, 600));
