/**
 * Applies the faults of rules. A `before` fault answers in the handler's place; an `after` fault waits for the reply
 * and then loses or damages it. Latency is a wait on the sandbox's clock, like any held request. The journal records
 * the rule, the fault and the time, and any generation that was created anyway.
 */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { describeFault, suitsHead, WITHOUT_EFFECT, type Fault, type FaultEffect } from "../../engine/rule/faults.ts";
import { editBody, type AnswerEdit } from "../../engine/rule/answer-edit.ts";
import type { AppliedFault } from "../../engine/rule/rules.ts";
import { closeEntry } from "./close-entry.ts";
import { publishRuleHit } from "../journal/entry-event.ts";
import { explain, explainMatching } from "./explain.ts";
import { answerInstead, errorsOf, locationOf, sendError } from "./fault-answers.ts";
import { sendDamaged } from "./fault-replies.ts";
import { holdForFault, mayHold } from "./hold.ts";
import { noteNamedGeneration, RequestSubject, vendorOf } from "./match-subject.ts";

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
  const vendor = vendorOf(request);
  // A file's handler, which notes the vendor, may never run.
  if (vendor !== undefined && request.server.httpContext.vendors.has(vendor)) entry.vendor ??= vendor;
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
  switch (effect.name) {
    case "LATENCY":
      done();
      return;
    case "STATUS":
    case "ERROR":
    case "RATE_LIMIT": {
      const answer = answerInstead(request, reply, effect);
      // The rule matches all vendors, and the error is another vendor's.
      if (answer === undefined) done();
      // Sent as bytes, so that the vendor's finishing code does not add to what the rule says.
      else void reply.send(answer.isVendors || answer.text === undefined ? answer.text : Buffer.from(answer.text));
      return;
    }
    case "REDIRECT":
      void reply.code(effect.status).header("location", locationOf(request, effect.to)).send();
      return;
    case "IGNORE_RANGE":
      delete request.raw.headers.range;
      done();
      return;
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
    case "CLOSE_AFTER_ANSWER":
    case "EDIT":
      // Unreachable: such rules are refused when they are added, because these faults need a reply to damage.
      done();
  }
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
      case "RATE_LIMIT": {
        const answer = answerInstead(request, reply, effect);
        // The answer that shows the phase is not sent.
        if (answer !== undefined) request.shownPhase = undefined;
        const finish = answer?.isVendors === true ? request.vendorHttp?.finishReply : undefined;
        if (answer === undefined) done(null, payload);
        else done(null, finish === undefined ? (answer.text ?? "") : finish(request, reply, answer.text));
        return;
      }
      case "EDIT":
        request.isAnswerEdited = true;
        if (effect.edit.status !== undefined) reply.code(effect.edit.status);
        if (effect.edit.headers !== undefined) reply.headers(effect.edit.headers);
        done(null, editedPayload(request, payload, effect.edit));
        return;
      case "CLOSE_AFTER_ANSWER":
        reply.raw.once("finish", () => request.raw.socket.end());
        done(null, payload);
        return;
      case "IGNORE_RANGE":
      case "REDIRECT":
        // Unreachable: such rules are refused when they are added, because these faults come before the handler.
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

/** Returns the edited payload; a stream, such as a file, is not edited. The journal tells an edit that changed nothing. */
function editedPayload({ entry }: FastifyRequest, payload: unknown, edit: AnswerEdit): unknown {
  if (typeof payload !== "string" && !Buffer.isBuffer(payload)) return payload;
  const text = payload.toString("utf8");
  const edited = editBody(text, edit);
  if (edited !== text) return typeof payload === "string" ? edited : Buffer.from(edited);
  if (edit.status === undefined && edit.headers === undefined)
    entry.fault = `${entry.fault ?? "EDIT"} ${WITHOUT_EFFECT}`;
  return payload;
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

declare module "fastify" {
  interface FastifyRequest {
    /** An `after` fault that waits for the reply. */
    fault: AppliedFault | undefined;
    /** The sandbox's epoch when the request arrived. */
    epoch: number;
  }
}
