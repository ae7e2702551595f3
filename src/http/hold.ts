/** The one place where a request is held open. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Generation } from "../engine/generation.ts";
import { observe, type Observation } from "../engine/observation.ts";
import { isTerminal } from "../engine/phases.ts";
import type { Release } from "../engine/waiters.ts";

/**
 * Holds the request until the generation ends or `timeoutMs` of the sandbox's clock have passed, and answers the
 * generation as it then is. A reset, a deletion and shutdown also let it go, with the last state there was.
 * Answers undefined when the client has gone: there is nobody to answer, and the reply is taken over.
 */
export async function holdUntilEnd(
  request: FastifyRequest,
  reply: FastifyReply,
  generation: Generation,
  timeoutMs: number,
): Promise<Observation | undefined> {
  const first = observe(generation, request.now);
  if (isTerminal(first.phase)) return first;
  const { sandbox, entry } = request;
  const observed = await new Promise<Observation | undefined>((resolve) => {
    const goAway = (): void => {
      waiter.release("gone");
    };
    const onRelease = (reason: Release): void => {
      reply.raw.off("close", goAway);
      if (reason === "gone") {
        resolve(undefined);
        return;
      }
      sandbox.awaitFlush(flushed(reply), { kind: "reply", id: generation.id });
      // The state of this very moment: a reset or deletion removes it as soon as this returns.
      resolve(observe(sandbox.generations.findByRow(generation.rowId) ?? generation, sandbox.clock.now()));
    };
    const { vendor, id: generationId, rowId, label, account } = generation;
    entry.state = "held";
    reply.raw.once("close", goAway);
    const subject = { vendor, generationId, rowId, label, account };
    const waiter = sandbox.waiters.hold(subject, request.now, request.now + timeoutMs, onRelease);
  });
  if (observed === undefined) reply.hijack();
  return observed;
}

/** Settles when the reply is on the wire, or its socket is closed. */
export function flushed(reply: FastifyReply): Promise<void> {
  return new Promise((resolve) => {
    if (reply.raw.writableFinished || reply.raw.destroyed) resolve();
    else reply.raw.once("finish", resolve).once("close", resolve);
  });
}
