/** Makes the answers that faults give in the handler's place: a status, a vendor's error, a rate limit, a redirect. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FaultEffect } from "../../engine/rule/faults.ts";
import type { VendorError, VendorErrors } from "../errors/vendor-error.ts";
import { explain } from "./explain.ts";
import { vendorOf } from "./match-subject.ts";

/** The text that is sent instead of the handler's; `isVendors` if it is the vendor's own answer, which it finishes. */
interface OtherAnswer {
  /** Undefined for an answer without a body. */
  readonly text: string | undefined;
  readonly isVendors: boolean;
}

/** Sets status and headers of an answer in the handler's place, and returns its text; undefined if there is none. */
export function answerInstead(
  request: FastifyRequest,
  reply: FastifyReply,
  effect: Extract<FaultEffect, { name: "STATUS" | "ERROR" | "RATE_LIMIT" }>,
): OtherAnswer | undefined {
  const errors = errorsOf(request);
  switch (effect.name) {
    case "STATUS":
      return statusInstead(request, reply, effect, errors);
    case "ERROR":
      return errorInstead(request, reply, errors?.byCode(effect.code, withAccount(request)));
    case "RATE_LIMIT": {
      const untilNext = Math.ceil((effect.perMs - (request.now % effect.perMs)) / 1000);
      const seconds = effect.retryAfterSeconds ?? untilNext;
      const answer = errorInstead(request, reply, errors?.rateLimited(seconds, request));
      if (answer === undefined) return undefined;
      // A rule's explicit value is sent even for vendors that are not known to send this header.
      if (effect.retryAfterForm === "date") reply.header("retry-after", dateIn(request.now, seconds));
      else if (effect.retryAfterSeconds !== undefined) reply.header("retry-after", String(seconds));
      if (request.sandbox.clock.state.mode === "frozen") explain(request, reply, "RATE_LIMIT_ON_FROZEN_CLOCK");
      return answer;
    }
  }
}

/** Returns the first whole second that is at least so far away, as HTTP writes it. */
function dateIn(now: number, seconds: number): string {
  return new Date(Math.ceil(now / 1000 + seconds) * 1000).toUTCString();
}

/** Answers the rule's own body unchanged; without one, the vendor's error with this status, else the status alone. */
function statusInstead(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, body, headers }: Extract<FaultEffect, { name: "STATUS" }>,
  errors: VendorErrors | undefined,
): OtherAnswer {
  const own = body === undefined && errors !== undefined ? errorOfStatus(errors, status, request) : undefined;
  const answer = errorInstead(request, reply, own);
  // What the rule says wins over what the vendor's error has.
  if (headers !== undefined) reply.headers(headers);
  if (answer !== undefined) return answer;
  reply.code(status);
  if (body === undefined) return { text: undefined, isVendors: false };
  if (headers === undefined || !Object.keys(headers).some((name) => name.toLowerCase() === "content-type"))
    reply.type(typeof body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8");
  return { text: typeof body === "string" ? body : JSON.stringify(body), isVendors: false };
}

/** Answers a vendor's error. The body has been read by now, so it need not be drained. */
function errorInstead(
  request: FastifyRequest,
  reply: FastifyReply,
  meant: VendorError | undefined,
): OtherAnswer | undefined {
  if (meant === undefined) return undefined;
  const error = errorsOf(request)?.reword?.(meant, request.fixtures) ?? meant;
  reply.code(error.status).headers(error.headers).type("application/json; charset=utf-8");
  return { text: JSON.stringify(error.body), isVendors: true };
}

/** Answers a vendor's error for a request that cannot be carried out. */
export function sendError(request: FastifyRequest, reply: FastifyReply, meant: VendorError): void {
  void reply.send(errorInstead(request, reply, meant)?.text);
}

/** Returns where a redirect leads: a URL as it is, or the request's own under the same or another name of the server. */
export function locationOf(request: FastifyRequest, to: string): string {
  if (to !== "self" && to !== "other-host") return to;
  const { protocol, host } = request.server.httpContext.clientSideOf(request);
  const url = new URL(request.url, `${protocol}://${host}`);
  url.searchParams.set("moved", "1");
  if (to === "other-host") url.hostname = url.hostname === "localhost" ? "127.0.0.1" : "localhost";
  return url.href;
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

/** Returns the errors of the vendor that a request is for; undefined for a request to no vendor. */
export function errorsOf(request: FastifyRequest): VendorErrors | undefined {
  if (request.vendorHttp !== undefined) return request.vendorHttp.errors;
  const vendor = vendorOf(request);
  return vendor === undefined ? undefined : request.server.httpContext.vendors.get(vendor)?.errors;
}
