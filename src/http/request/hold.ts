/** Holds requests open, for long polling, latency and faults. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Generation } from "../../engine/model/generation.ts";
import { observe, type Observation } from "../../engine/model/observation.ts";
import { isTerminal } from "../../engine/model/phases.ts";
import type { Release, HeldRequestSubject } from "../../engine/generation/held-requests.ts";
import { problem } from "../errors/problems.ts";
import { closeEntry } from "./close-entry.ts";

/** Returns whether a request may be held. HEAD only asks for an answer's headers, so it is answered at once. */
export function mayHold({ method }: FastifyRequest): boolean {
  return method !== "HEAD";
}

/** The memory of a held request beside its texts: its connection, its reply and what waits. */
const HELD_BYTES = 12 * 1024;

/**
 * Holds the request until the generation ends or `timeoutMs` of the sandbox's clock have passed, and returns the
 * generation's state at that time. A reset, a deletion and shutdown also release the request, with the last state.
 * Returns undefined when the client has disconnected; Fastify then does nothing more to the reply.
 */
export async function holdUntilEnd(
  request: FastifyRequest,
  reply: FastifyReply,
  generation: Generation,
  timeoutMs: number,
): Promise<Observation | undefined> {
  const first = observe(generation, request.now);
  request.shownPhase = first.phase;
  if (isTerminal(first.phase) || !mayHold(request)) return first;
  refuseWhenFull(request);
  const { sandbox } = request;
  const observed = await new Promise<Observation | undefined>((resolve) => {
    const { vendor, id: generationId, rowId, label, account } = generation;
    const subject = { vendor, generationId, rowId, label, account };
    park(request, reply, { subject, delayMs: timeoutMs }, (reason) => {
      // The state must be read here: a reset or deletion removes it once this callback returns.
      const latest = reason === "gone" ? undefined : sandbox.generations.findByRow(generation.rowId);
      resolve(reason === "gone" ? undefined : observe(latest ?? generation, sandbox.clock.now()));
    });
  });
  if (observed === undefined) reply.hijack();
  else request.shownPhase = observed.phase;
  return observed;
}

/**
 * Refuses a request that would be held, in the vendor's words, if the limit of held requests is reached. Call it before
 * the request changes anything; `wanted` is the number of places that the request takes.
 */
export function refuseWhenFull(request: FastifyRequest, wanted = 1): void {
  const { held, budget } = request.server.httpContext;
  const why = held.refusal(request.raw.socket, wanted);
  if (why === undefined) {
    budget.admit(wanted * weightOf(request), "a held request");
    return;
  }
  throw (
    request.vendorHttp?.errors.rateLimited(1, request).explained("HELD_EXHAUSTED", why) ?? problem("too-many-held", why)
  );
}

/** Holds the request for a fault: for `delayMs` of the sandbox's clock, or without end. */
export function holdForFault(
  request: FastifyRequest,
  reply: FastifyReply,
  { kind, delayMs }: { readonly kind: "latency" | "forever"; readonly delayMs: number | undefined },
  onRelease: (reason: Release) => void,
): void {
  const { entry } = request;
  const { held, budget } = request.server.httpContext;
  const isOverBudget = budget.used + weightOf(request) > budget.limit;
  const why = isOverBudget ? "The memory budget is used up." : held.refusal(request.raw.socket);
  if (why !== undefined) {
    (entry.diagnostics ??= []).push({ code: "HELD_EXHAUSTED", text: why });
    onRelease("deadline");
    return;
  }
  // The negated entry id is unique: rows have positive ids, and each request of a journal has its own number.
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
  // The request is held again, so its earlier release no longer waits for a reply.
  request.heldAgain?.();
  const goAway = (): void => {
    heldRequest.release("gone");
  };
  const { held, budget } = request.server.httpContext;
  const weight = weightOf(request);
  entry.state = "held";
  const leave = held.enter(request.raw.socket);
  budget.take("held", weight);
  // Its body is counted with the held request from now on.
  request.leaveBodyRoom?.();
  reply.raw.once("close", goAway);
  const since = sandbox.clock.now();
  entry.heldAt ??= since;
  const deadline = delayMs === undefined ? undefined : since + delayMs;
  const heldRequest = sandbox.heldRequests.hold(subject, since, deadline, (reason) => {
    reply.raw.off("close", goAway);
    leave();
    budget.give("held", weight);
    // Fastify tells of an abort only until the body was read, so not of a client that leaves a held POST.
    // A reply behind another of its connection that is still held cannot be sent, so nothing waits for it.
    if (reason === "gone") closeEntry(request, "gone", undefined);
    else if (reply.raw.socket !== null)
      sandbox.pendingWork.track(answered(request, reply), { kind: "reply", id: subject.generationId });
    onRelease(reason);
  });
}

/** Returns the memory that a held request takes, estimated: its objects, its headers and its body. */
function weightOf({ raw, bodyBytes }: FastifyRequest): number {
  return HELD_BYTES + 2 * raw.rawHeaders.reduce((sum, text) => sum + text.length, 0) + 2 * bodyBytes;
}

/** Settles when the reply is sent, its socket is closed, or the request is held again. */
function answered(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  return new Promise((resolve) => {
    request.heldAgain = resolve;
    onFlushed(reply, resolve);
  });
}

/** Calls back when the reply is sent and when its socket is closed; the listener may be called twice. */
export function onFlushed(reply: FastifyReply, listener: () => void): void {
  if (reply.raw.writableFinished || reply.raw.destroyed) listener();
  else reply.raw.on("finish", listener).on("close", listener);
}

declare module "fastify" {
  interface FastifyRequest {
    /** Called when a released request is held again before it was answered. */
    heldAgain: (() => void) | undefined;
  }
}
