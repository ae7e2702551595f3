/**
 * Faults that rules ask for. A `before` fault answers in the handler's place; an `after` fault waits until there is a
 * reply and then loses or damages it. Latency is a wait on the sandbox's clock, like any held request. The journal
 * says which rule it was, which fault and when, and names what was created nevertheless.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { describeFault, type Fault, type FaultEffect } from "../../engine/rule/faults.ts";
import type { AppliedFault } from "../../engine/rule/rules.ts";
import { closeEntry } from "./close-entry.ts";
import { explain } from "./explain.ts";
import { sendDamaged } from "./fault-replies.ts";
import { holdForFault } from "./hold.ts";
import { RequestSubject, vendorOf } from "./match-subject.ts";
import type { VendorError, VendorErrors } from "../errors/vendor-error.ts";

/** Has the rules' faults happen to every request of this scope. Call it before the scope's routes are added. */
export function installFaults(scope: FastifyInstance): void {
  scope.addHook("preValidation", matchFault);
  scope.addHook("onRoute", (route) => {
    // The last of all hooks, so that what is damaged is what would have been sent.
    route.onSend = [...(route.onSend === undefined ? [] : [route.onSend].flat()), applyAfter];
  });
}

/** The `preValidation` hook: the body has been parsed, and nothing has been done yet. */
function matchFault(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { sandbox } = request;
  if (request.epoch !== sandbox.epoch || sandbox.ending.aborted) {
    answerOutlived(request, reply, done);
    return;
  }
  if (!sandbox.rules.haveFaults) {
    done();
    return;
  }
  const subject = new RequestSubject(request);
  const applied = sandbox.rules.takeFault(subject, (rule, fault) => isDue(request, rule, fault));
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
  const begin = (): void => {
    applyBefore(request, reply, applied, done);
  };
  if (applied.fault.latency === undefined) begin();
  else delay(request, reply, applied, begin, done);
}

/** The reply to a request that was overtaken by a reset: what it would do belongs to a world that is gone. */
function answerOutlived(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const errors = errorsOf(request);
  // Without a vendor there is nothing that a request could change: it finds that its file is gone.
  if (errors === undefined) done();
  else {
    explain(request, reply, "SANDBOX_WAS_RESET");
    sendError(request, reply, errors.internal());
  }
}

function isDue(request: FastifyRequest, rule: string, { effect }: Fault): boolean {
  if (effect.name !== "RATE_LIMIT" || effect.limit === undefined) return true;
  return request.sandbox.rates.count(`fault ${rule}`, request.now, effect.perMs).used > effect.limit;
}

function noteFault(request: FastifyRequest, reply: FastifyReply, { rule, fault }: AppliedFault): void {
  const { entry } = request;
  (entry.rules ??= []).push(rule);
  entry.fault = describeFault(fault);
  explain(request, reply, "FAULT_APPLIED", `${rule}: ${entry.fault}`);
}

function delay(
  request: FastifyRequest,
  reply: FastifyReply,
  { fault: { latency = { min: 0, max: 0 } }, fraction }: AppliedFault,
  goOn: () => void,
  done: HookHandlerDoneFunction,
): void {
  const delayMs = Math.round(latency.min + fraction * (latency.max - latency.min));
  holdForFault(request, reply, "latency", delayMs, (reason) => {
    if (reason === "gone") reply.hijack();
    else if (reason === "deadline") {
      request.now = request.sandbox.settle();
      goOn();
    } else answerOutlived(request, reply, done);
  });
}

/** Does a `before` fault; latency is over by now. */
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
      // The code is another vendor's, and the rule spoke of all of them.
      if (error === undefined) done();
      else sendError(request, reply, error);
      return;
    }
    case "RATE_LIMIT": {
      const untilNext = Math.ceil((effect.perMs - (request.now % effect.perMs)) / 1000);
      const error = errors?.rateLimited(effect.retryAfterSeconds ?? untilNext, request);
      if (error === undefined) done();
      else {
        // What a rule spells out is sent, by vendors too that are not known to send it.
        if (effect.retryAfterSeconds !== undefined) reply.header("retry-after", String(effect.retryAfterSeconds));
        if (request.sandbox.clock.state.mode === "frozen") explain(request, reply, "RATE_LIMIT_ON_FROZEN_CLOCK");
        sendError(request, reply, error);
      }
      return;
    }
    default:
      reply.hijack();
      dropConnection(request, reply, effect.name);
  }
}

/** The vendor's own error of this status where there is one, else just the status; a body of the rule's own as it is. */
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
  request.entry.responseBody = text;
  request.entry.responseBytes = Buffer.byteLength(text);
  // As bytes, so that no vendor takes it for an answer of its own and adds to it.
  void reply.send(Buffer.from(text));
}

/** The body has been read by now, so nothing needs draining as other early answers do. */
function sendError(request: FastifyRequest, reply: FastifyReply, meant: VendorError): void {
  const error = errorsOf(request)?.reword?.(meant, request.fixtures) ?? meant;
  reply.code(error.status).headers(error.headers).serializer(JSON.stringify).type("application/json; charset=utf-8");
  void reply.send(error.body);
}

/** The request where it has an account, which those to public routes need not have. */
function withAccount(request: FastifyRequest): FastifyRequest | undefined {
  const { keyVerdict } = request;
  return keyVerdict !== undefined && "principal" in keyVerdict ? request : undefined;
}

/** The vendor's answer of a status: its general failure where that has it, else the first of its codes that does. */
function errorOfStatus(errors: VendorErrors, status: number, request: FastifyRequest): VendorError | undefined {
  const general = errors.internal();
  if (general.status === status) return general;
  for (const code of errors.codes) {
    const error = errors.byCode(code, withAccount(request));
    if (error?.status === status) return error;
  }
  return undefined;
}

/** The `onSend` hook that comes last: an `after` fault has its reply now. */
function applyAfter(
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
        // Refused when the rule was added: such answers take the handler's place.
        done(null, payload);
    }
  };
  if (latency === undefined) {
    go();
    return;
  }
  const delayMs = Math.round(latency.min + applied.fraction * (latency.max - latency.min));
  holdForFault(request, reply, "latency", delayMs, (reason) => {
    // What the handler did is done: even a reset lets the client have its answer.
    if (reason !== "gone") go();
  });
}

function dropConnection(request: FastifyRequest, reply: FastifyReply, name: string): void {
  const { socket } = request.raw;
  if (name === "NEVER_ANSWER") {
    holdForFault(request, reply, "forever", undefined, (reason) => {
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
