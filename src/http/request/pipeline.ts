/**
 * Defines the stages of a request, from its arrival to its record; read this file first. Requests to vendors' routes
 * and to files behind output URLs run through the same stages, top to bottom. Each stage is a function that the imports
 * below name.
 */
import type { FastifyError, FastifyInstance } from "fastify";
import { answerError } from "./answer-error.ts";
import { awaitWritten } from "./answer-order.ts";
import { requireKey } from "./authenticate.ts";
import { recordAnswer, recordGone } from "./close-entry.ts";
import { applyAfter, matchFault } from "./faults.ts";
import { keepReply, keepRequestBody } from "../bodies/keep-bodies.ts";
import { keepUnreadText, refuseOtherBodies } from "./other-bodies.ts";
import { openEntry, type OwnerOf } from "./open-entry.ts";
import { refuseRebound } from "./refuse-rebound.ts";
import { readRouteForm } from "../bodies/read-form.ts";
import { tellUnknownFields } from "./tell-unknown.ts";
import type { VendorHttp } from "./vendor-http.ts";

export interface PipelineOptions {
  /** The vendor of the routes; undefined for files, which need no key and are found by their path. */
  readonly vendor: VendorHttp | undefined;
  readonly ownerOf: OwnerOf | undefined;
}

/** Sends the requests of a scope through these stages. Call it before the scope's routes are added. */
export function installPipeline(scope: FastifyInstance, { vendor, ownerOf }: PipelineOptions): void {
  // Arrive: find the sandbox, run its due actions, and open an entry in its journal.
  scope.addHook("onRequest", openEntry(scope.httpContext, vendor, ownerOf));

  // Refuse a page's request that uses a host name of another server.
  scope.addHook("onRequest", refuseRebound);

  // Authenticate, then admit, on routes that need a key: the vendor's 401, its plan gates, its rate limit.
  scope.addHook("onRoute", requireKey);

  // Parse: Fastify unpacks and reads a JSON body, and the route's own function reads a form. An upload stays on the socket until its
  // route reads it.
  scope.addHook("preValidation", readRouteForm);

  // Keep the request's body as it was sent, before a schema fills in defaults.
  scope.addHook("preValidation", keepRequestBody);

  // Faults before: a rule answers in the handler's place, delays the request, or leaves it without an answer.
  scope.addHook("preValidation", matchFault);

  // Tell the user which parameters and fields the route does not know; vendors ignore them.
  scope.addHook("preValidation", tellUnknownFields);

  // Validate, then handle: Fastify checks the request by the route's schemas and calls the route's handler.

  // An error of any stage becomes the reply here, in the vendor's words; the stages below apply to it too.
  if (vendor !== undefined) {
    refuseOtherBodies(scope);
    scope.setErrorHandler((error: FastifyError, request, reply) => {
      keepUnreadText(request);
      answerError(error, request, reply, vendor.errors);
    });
  }

  // Finish: the vendor makes its last additions to the reply, such as a request id.
  const finish = vendor?.finishReply;
  if (finish !== undefined)
    scope.addHook("onSend", (request, reply, payload, done) => {
      done(null, finish(request, reply, payload));
    });

  // Await the write that the reply acknowledges; if it fails, the reply becomes an error and is finished again.
  scope.addHook("onSend", awaitWritten);

  // Faults after: a rule delays the reply, loses it or damages it.
  scope.addHook("onSend", applyAfter);

  // Keep the body that is really sent. Lost or damaged replies do not reach this hook; the fault keeps their bodies.
  scope.addHook("onSend", keepReply);

  // Record how the request ended and when, once the reply was sent or the client disconnected.
  scope.addHook("onResponse", recordAnswer);
  scope.addHook("onRequestAbort", recordGone);
}
