/** Holds requests open: the one place that does. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Generation } from "../../engine/model/generation.ts";
import { observe, type Observation } from "../../engine/model/observation.ts";
import { isTerminal } from "../../engine/model/phases.ts";
import type { Release, HeldRequestSubject } from "../../engine/generation/held-requests.ts";
import { problem } from "../errors/problems.ts";

/**
 * Holds the request until the generation ends or `timeoutMs` of the sandbox's clock have passed, and answers the
 * generation as it then is. A reset, a deletion and shutdown also let it go, with the last state there was.
 * Answers undefined when the client has gone; the reply is taken over then.
 */
export async function holdUntilEnd(
  request: FastifyRequest,
  reply: FastifyReply,
  generation: Generation,
  timeoutMs: number,
): Promise<Observation | undefined> {
  const first = observe(generation, request.now);
  if (isTerminal(first.phase)) return first;
  refuseWhenFull(request);
  const { sandbox } = request;
  const observed = await new Promise<Observation | undefined>((resolve) => {
    const { vendor, id: generationId, rowId, label, account } = generation;
    const subject = { vendor, generationId, rowId, label, account };
    park(request, reply, { subject, delayMs: timeoutMs }, (reason) => {
      // The state of this very moment: a reset or deletion removes it as soon as this returns.
      const latest = reason === "gone" ? undefined : sandbox.generations.findByRow(generation.rowId);
      resolve(reason === "gone" ? undefined : observe(latest ?? generation, sandbox.clock.now()));
    });
  });
  if (observed === undefined) reply.hijack();
  return observed;
}

/**
 * Refuses a request that would be held when as many are held as may be, in the vendor's words. Call it before anything
 * is done that the answer has to tell of; `wanted` is how many places it takes.
 */
export function refuseWhenFull(request: FastifyRequest, wanted = 1): void {
  const { held } = request.server.httpContext;
  if (held.count + wanted <= held.most) return;
  const why = `${held.count} requests are held already.`;
  throw (
    request.vendorHttp?.errors.rateLimited(1, request).explained("HELD_EXHAUSTED", why) ?? problem("too-many-held", why)
  );
}

/** Holds the request for `delayMs` of the sandbox's clock, or for ever, because a fault says so. */
export function holdForFault(
  request: FastifyRequest,
  reply: FastifyReply,
  { kind, delayMs }: { readonly kind: "latency" | "forever"; readonly delayMs: number | undefined },
  onRelease: (reason: Release) => void,
): void {
  const { entry } = request;
  const { held } = request.server.httpContext;
  if (held.isFull) {
    (entry.diagnostics ??= []).push({ code: "HELD_EXHAUSTED", text: `${held.count} requests are held already.` });
    onRelease("deadline");
    return;
  }
  // No row has a negative id, and no two requests of a journal the same number.
  const subject = { kind, vendor: entry.vendor ?? "", generationId: "", rowId: -entry.id, label: null };
  park(request, reply, { subject: { ...subject, account: entry.account ?? "" }, delayMs }, onRelease);
}

function park(
  request: FastifyRequest,
  reply: FastifyReply,
  { subject, delayMs }: { readonly subject: HeldRequestSubject; readonly delayMs: number | undefined },
  onRelease: (reason: Release) => void,
): void {
  const { sandbox, entry } = request;
  // The wait for an earlier release of it to reach the client is over: it is held again.
  request.heldAgain?.();
  const goAway = (): void => {
    heldRequest.release("gone");
  };
  const { held } = request.server.httpContext;
  entry.state = "held";
  held.enter();
  reply.raw.once("close", goAway);
  const since = sandbox.clock.now();
  const deadline = delayMs === undefined ? undefined : since + delayMs;
  const heldRequest = sandbox.heldRequests.hold(subject, since, deadline, (reason) => {
    reply.raw.off("close", goAway);
    held.leave();
    if (reason !== "gone")
      sandbox.pendingWork.track(answered(request, reply), { kind: "reply", id: subject.generationId });
    onRelease(reason);
  });
}

/** Settles when the reply is on the wire, its socket is closed, or the request is held once more. */
function answered(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  return new Promise((resolve) => {
    request.heldAgain = resolve;
    onFlushed(reply, resolve);
  });
}

/** Calls back when the reply is on the wire, and once more when its socket is done with it or closed. */
export function onFlushed(reply: FastifyReply, listener: () => void): void {
  if (reply.raw.writableFinished || reply.raw.destroyed) listener();
  else reply.raw.on("finish", listener).on("close", listener);
}

declare module "fastify" {
  interface FastifyRequest {
    /** Says that a request which was let go is held once more, before it was answered. */
    heldAgain: (() => void) | undefined;
  }
}
