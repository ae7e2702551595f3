/** Lets a call wait, in real time, until the state of a sandbox meets a condition. */
import { setImmediate } from "../platform/real-timers.ts";
import type { FastifyReply } from "fastify";
import type { Sandbox } from "../engine/sandbox/sandbox.ts";
import { problem } from "../http/errors/problems.ts";
import { mayHold } from "../http/request/hold.ts";

/** A wait: the sandbox, the waiting reply, and the longest time in real milliseconds. */
export interface Wait {
  readonly sandbox: Sandbox;
  readonly reply: FastifyReply;
  readonly withinMs: number;
}

/**
 * Calls `look` at once and after every event until `isEnough`, or until `withinMs` of real time have passed; returns
 * the last result. A disconnect, a reset, a deletion and shutdown also end the wait.
 */
export async function waitUntil<Seen>(
  { sandbox, reply, withinMs }: Wait,
  look: () => Seen,
  isEnough: (seen: Seen) => boolean,
): Promise<Seen> {
  const first = look();
  if (withinMs <= 0 || !mayHold(reply.request) || isEnough(first)) return first;
  const { ending } = sandbox;
  const { held } = reply.server.httpContext;
  const refusal = held.refusal(reply.request.raw.socket);
  if (refusal !== undefined) throw problem("too-many-held", `${refusal} Release some, or raise --max-held.`);
  const leavePlace = held.enter(reply.request.raw.socket);
  const leave = sandbox.usage.stay();
  return new Promise<Seen>((resolve, reject) => {
    let isLooking = false;
    let isFinished = false;
    const finish = (): void => {
      if (isFinished) return;
      isFinished = true;
      leavePlace();
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
        // The final look throws the same error to the caller.
      }
      finish();
    };
    const stopGuard = sandbox.wall.after(withinMs, finish);
    const unfollow = sandbox.events.follow(() => {
      if (isLooking) return;
      isLooking = true;
      // Events are published before their change is complete, and often several at once, so the look is deferred.
      setImmediate(lookAgain);
    });
    ending.addEventListener("abort", finish, { once: true });
    reply.raw.once("close", finish);
  });
}
