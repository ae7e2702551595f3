/** Calls that wait for something to happen in a sandbox, in real time. */
import type { FastifyReply } from "fastify";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import { problem } from "../http/errors/problems.ts";

/** Who waits, for what sandbox, and how long at most. */
export interface Wait {
  readonly sandbox: Sandbox;
  readonly reply: FastifyReply;
  readonly withinMs: number;
}

/**
 * Looks, and looks again whenever something happens, until `isEnough` or `withinMs` of real time have passed; answers
 * what was seen last. A client that goes away, a reset, a deletion and shutdown end the wait too.
 */
export async function waitUntil<Seen>(
  { sandbox, reply, withinMs }: Wait,
  look: () => Seen,
  isEnough: (seen: Seen) => boolean,
): Promise<Seen> {
  const first = look();
  if (withinMs <= 0 || isEnough(first)) return first;
  const { ending } = sandbox;
  const { held } = reply.server.httpContext;
  if (held.isFull)
    throw problem("too-many-held", `${held.count} requests are held already. Let some go, or raise --max-held.`);
  held.enter();
  const leave = sandbox.usage.stay();
  return new Promise<Seen>((resolve, reject) => {
    let isLooking = false;
    let isFinished = false;
    const finish = (): void => {
      if (isFinished) return;
      isFinished = true;
      held.leave();
      leave();
      stopGuard();
      unfollow();
      ending.removeEventListener("abort", finish);
      reply.raw.off("close", finish);
      try {
        resolve(look());
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const lookAgain = (): void => {
      isLooking = false;
      if (isFinished) return;
      try {
        if (!isEnough(look())) return;
      } catch {
        // Whoever waits is told by the look that ends the wait.
      }
      finish();
    };
    const stopGuard = sandbox.wall.after(withinMs, finish);
    const unfollow = sandbox.events.follow(() => {
      if (isLooking) return;
      isLooking = true;
      // Events are published in the middle of what they tell of, and seldom alone: it is looked at when all is done.
      setImmediate(lookAgain);
    });
    ending.addEventListener("abort", finish, { once: true });
    reply.raw.once("close", finish);
  });
}
