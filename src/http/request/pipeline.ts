/**
 * The way of a request, from its arrival to its record: the file to read first. Vendors' routes and the files behind
 * output URLs take the same way, top to bottom; each stage is one function in the file that it is imported from.
 */
import type { FastifyError, FastifyInstance } from "fastify";
import { answerError } from "./answer-error.ts";
import { awaitWritten } from "./answer-order.ts";
import { requireKey } from "./authenticate.ts";
import { recordAnswer, recordGone } from "./close-entry.ts";
import { applyAfter, matchFault } from "./faults.ts";
import { keepReply, keepRequestBody } from "./keep-bodies.ts";
import { openEntry, type OwnerOf } from "./open-entry.ts";
import { refuseRebound } from "./refuse-rebound.ts";
import type { VendorHttp } from "./vendor-http.ts";

export interface PipelineOptions {
  /** Whose routes they are; undefined for files, which need no key and are told by their path. */
  readonly vendor: VendorHttp | undefined;
  readonly ownerOf: OwnerOf | undefined;
}

/** Sends the requests of a scope through these stages. Call it before the scope's routes are added. */
export function installPipeline(scope: FastifyInstance, { vendor, ownerOf }: PipelineOptions): void {
  // Arrive: find the sandbox, do what is due there by now, and open an entry in its journal.
  scope.addHook("onRequest", openEntry(scope.httpContext, vendor, ownerOf));

  // Refuse pages that come by a name which is not the server's.
  scope.addHook("onRequest", refuseRebound);

  // Authenticate, then admit, on routes that need a key: the vendor's 401, its plan gates, its rate limit.
  scope.addHook("onRoute", requireKey);

  // Parse: Fastify reads a JSON body; a form or an upload stays on the socket until its route reads it.

  // Keep the request's body as it was sent, before a schema fills in defaults.
  scope.addHook("preValidation", keepRequestBody);

  // Faults before: a rule answers in the handler's place, delays the request, or leaves it without an answer.
  scope.addHook("preValidation", matchFault);

  // Validate, then handle: Fastify checks the request by the route's schemas and calls the route's handler.

  // An error of any stage becomes the reply here, in the vendor's words, and goes on like every other.
  if (vendor !== undefined)
    scope.setErrorHandler((error: FastifyError, request, reply) => {
      answerError(error, request, reply, vendor.errors);
    });

  // Finish: what the vendor adds to its replies last, such as a request id.
  const finish = vendor?.finishReply;
  if (finish !== undefined)
    scope.addHook("onSend", (request, reply, payload, done) => {
      done(null, finish(request, reply, payload));
    });

  // Await what the reply acknowledges, until it is written; one that is not becomes an error, and is finished again.
  scope.addHook("onSend", awaitWritten);

  // Faults after: a rule delays the reply, loses it or damages it.
  scope.addHook("onSend", applyAfter);

  // Keep what is really sent. A reply that was lost or damaged does not come here; the fault keeps what is left of it.
  scope.addHook("onSend", keepReply);

  // Record: how the request ended and when, once the reply has left or the client has gone.
  scope.addHook("onResponse", recordAnswer);
  scope.addHook("onRequestAbort", recordGone);
}
