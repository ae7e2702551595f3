/**
 * Applies the faults of rules. A `before` fault answers in the handler's place; an `after` fault waits for the reply
 * and then loses or damages it. Latency is a wait on the sandbox's clock, like any held request. The journal records
 * the rule, the fault and the time, and any generation that was created anyway.
 */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { describeFault, suitsHead, type Fault, type FaultEffect } from "../../engine/rule/faults.ts";
import type { AppliedFault } from "../../engine/rule/rules.ts";
import { closeEntry } from "./close-entry.ts";
import { publishRuleHit } from "../journal/entry-event.ts";
import { explain, explainMatching } from "./explain.ts";
import { sendDamaged } from "./fault-replies.ts";
import { holdForFault, mayHold } from "./hold.ts";
import { noteNamedGeneration, RequestSubject, vendorOf } from "./match-subject.ts";
import type { VendorError, VendorErrors } from "../errors/vendor-error.ts";

/** The name of a fault that leaves no answer. */
type Break = Extract<FaultEffect["name"], "CONNECTION_RESET_BY_PEER" | "EMPTY_RESPONSE" | "NEVER_ANSWER">;

/** Finds the rule's fault for a request, and applies it if it goes before the handler. */
export function matchFault(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { sandbox } = request;
  if (request.epoch !== sandbox.epoch) {
    answerOutlived(request, reply, done);
    return;
  }
  if (!sandbox.rules.haveFaults) {
    done();
    return;
  }
  const subject = new RequestSubject(request);
  const applied = sandbox.rules.takeFault(subject, (rule, fault) => isDue(request, rule, fault));
  explainMatching(request, reply);
  if (applied === undefined) {
    done();
    return;
  }
  noteFault(request, reply, applied);
  if (applied.fault.when === "after") {
    request.fault = applied;
    done();
    return;
  }
  if (applied.fault.latency === undefined || !mayHold(request)) applyBefore(request, reply, applied, done);
  else delayBefore(request, reply, applied, done);
}

/** Answers a request that began before its sandbox was reset or deleted, without carrying it out. */
function answerOutlived(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const errors = errorsOf(request);
  // A request without a vendor changes nothing; its handler answers that the file does not exist.
  if (errors === undefined) done();
  else {
    explain(request, reply, "SANDBOX_WAS_RESET");
    sendError(request, reply, errors.internal());
  }
}

function isDue(request: FastifyRequest, rule: string, fault: Fault): boolean {
  if (!mayHold(request) && !suitsHead(fault)) return false;
  const { effect } = fault;
  if (effect.name !== "RATE_LIMIT" || effect.limit === undefined) return true;
  return request.sandbox.rates.count(`fault ${rule}`, request.now, effect.perMs).used > effect.limit;
}

function noteFault(request: FastifyRequest, reply: FastifyReply, { rule, fault }: AppliedFault): void {
  const { entry } = request;
  // A file's handler, which notes the vendor, may never run.
  entry.vendor ??= vendorOf(request);
  noteNamedGeneration(request);
  (entry.rules ??= []).push(rule);
  entry.fault = describeFault(fault);
  publishRuleHit(request.sandbox, entry, rule, { fault: entry.fault });
  explain(request, reply, "FAULT_APPLIED", `${rule}: ${entry.fault}`);
}

/** Applies a `before` fault once its latency is over. */
function delayBefore(
  request: FastifyRequest,
  reply: FastifyReply,
  applied: AppliedFault,
  done: HookHandlerDoneFunction,
): void {
  holdForFault(request, reply, { kind: "latency", delayMs: latencyOf(applied) }, (reason) => {
    if (reason === "gone") reply.hijack();
    else if (reason === "deadline") {
      request.now = request.sandbox.settle();
      applyBefore(request, reply, applied, done);
    } else answerOutlived(request, reply, done);
  });
}

function latencyOf({ fault: { latency = { min: 0, max: 0 } }, fraction }: AppliedFault): number {
  return Math.round(latency.min + fraction * (latency.max - latency.min));
}

/** Applies a `before` fault; its latency is over by now. */
function applyBefore(
  request: FastifyRequest,
  reply: FastifyReply,
  { fault: { effect } }: AppliedFault,
  done: HookHandlerDoneFunction,
): void {
  const errors = errorsOf(request);
  switch (effect.name) {
    case "LATENCY":
      done();
      return;
    case "STATUS":
      sendStatus(request, reply, effect, errors);
      return;
    case "ERROR": {
      const error = errors?.byCode(effect.code, withAccount(request));
      // The rule matches all vendors, and the code is another vendor's.
      if (error === undefined) done();
      else sendError(request, reply, error);
      return;
    }
    case "RATE_LIMIT": {
      const untilNext = Math.ceil((effect.perMs - (request.now % effect.perMs)) / 1000);
      const error = errors?.rateLimited(effect.retryAfterSeconds ?? untilNext, request);
      if (error === undefined) done();
      else {
        // A rule's explicit value is sent even for vendors that are not known to send this header.
        if (effect.retryAfterSeconds !== undefined) reply.header("retry-after", String(effect.retryAfterSeconds));
        if (request.sandbox.clock.state.mode === "frozen") explain(request, reply, "RATE_LIMIT_ON_FROZEN_CLOCK");
        sendError(request, reply, error);
      }
      return;
    }
    case "CONNECTION_RESET_BY_PEER":
    case "EMPTY_RESPONSE":
    case "NEVER_ANSWER":
      reply.hijack();
      dropConnection(request, reply, effect.name);
      return;
    case "MALFORMED_RESPONSE_CHUNK":
    case "TRUNCATED_BODY":
    case "WRONG_CONTENT_LENGTH":
    case "SLOW_BODY":
      // Unreachable: such rules are refused when they are added, because these faults need a reply to damage.
      done();
  }
}

/** Answers the rule's own body unchanged; without one, the vendor's error with this status, else the status alone. */
function sendStatus(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, headers }: Extract<FaultEffect, { name: "STATUS" }>,
  errors: VendorErrors | undefined,
): void {
  if (headers !== undefined) reply.headers(headers);
  const own = body === undefined && errors !== undefined ? errorOfStatus(errors, status, request) : undefined;
  if (own !== undefined) {
    sendError(request, reply, own);
    return;
  }
  reply.code(status);
  if (body === undefined) {
    void reply.send();
    return;
  }
  if (!reply.hasHeader("content-type"))
    reply.type(typeof body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8");
  const text = typeof body === "string" ? body : JSON.stringify(body);
  // Sent as bytes, so that the vendor's finishing code does not add to it.
  void reply.send(Buffer.from(text));
}

/** Answers a vendor's error. The body has been read by now, so it need not be drained. */
function sendError(request: FastifyRequest, reply: FastifyReply, meant: VendorError): void {
  const error = errorsOf(request)?.reword?.(meant, request.fixtures) ?? meant;
  reply.code(error.status).headers(error.headers).serializer(JSON.stringify).type("application/json; charset=utf-8");
  void reply.send(error.body);
}

/** Returns the request if it has an account; a request to a public route may have none. */
function withAccount(request: FastifyRequest): FastifyRequest | undefined {
  const { keyVerdict } = request;
  return keyVerdict !== undefined && "principal" in keyVerdict ? request : undefined;
}

/** Finds the vendor's error with a status: its general failure if that matches, else the first code that matches. */
function errorOfStatus(errors: VendorErrors, status: number, request: FastifyRequest): VendorError | undefined {
  const general = errors.internal();
  if (general.status === status) return general;
  for (const code of errors.codes) {
    const error = errors.byCode(code, withAccount(request));
    if (error?.status === status) return error;
  }
  return undefined;
}

/** Applies an `after` fault to the reply. */
export function applyAfter(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
): void {
  const applied = request.fault;
  if (applied === undefined) {
    done(null, payload);
    return;
  }
  request.fault = undefined;
  const { effect, latency } = applied.fault;
  const go = (): void => {
    switch (effect.name) {
      case "LATENCY":
        done(null, payload);
        return;
      case "CONNECTION_RESET_BY_PEER":
      case "EMPTY_RESPONSE":
      case "NEVER_ANSWER":
        dropConnection(request, reply, effect.name);
        return;
      case "MALFORMED_RESPONSE_CHUNK":
      case "TRUNCATED_BODY":
      case "WRONG_CONTENT_LENGTH":
      case "SLOW_BODY":
        void sendDamaged(request, reply, payload, effect);
        return;
      case "STATUS":
      case "ERROR":
      case "RATE_LIMIT":
        // Unreachable: such rules are refused when they are added, because these faults replace the handler.
        done(null, payload);
    }
  };
  if (latency === undefined || !mayHold(request)) {
    go();
    return;
  }
  holdForFault(request, reply, { kind: "latency", delayMs: latencyOf(applied) }, (reason) => {
    // The handler has run, so the client gets its answer even after a reset.
    if (reason !== "gone") go();
  });
}

/** Closes the connection without an answer, or holds it without end. */
function dropConnection(request: FastifyRequest, reply: FastifyReply, name: Break): void {
  const { socket } = request.raw;
  if (name === "NEVER_ANSWER") {
    holdForFault(request, reply, { kind: "forever", delayMs: undefined }, (reason) => {
      if (reason === "gone") return;
      closeEntry(request, "dropped", undefined);
      socket.destroy();
    });
    return;
  }
  closeEntry(request, "dropped", undefined);
  if (name === "CONNECTION_RESET_BY_PEER") socket.resetAndDestroy();
  else socket.destroy();
}

function errorsOf(request: FastifyRequest): VendorErrors | undefined {
  if (request.vendorHttp !== undefined) return request.vendorHttp.errors;
  const vendor = vendorOf(request);
  return vendor === undefined ? undefined : request.server.httpContext.vendors.get(vendor)?.errors;
}

declare module "fastify" {
  interface FastifyRequest {
    /** An `after` fault that waits for the reply. */
    fault: AppliedFault | undefined;
    /** The sandbox's epoch when the request arrived. */
    epoch: number;
  }
}
