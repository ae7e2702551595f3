/** Reads the form of a route that takes one, before rules look at the request. */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { isForm } from "../uploads/forms.ts";
import { keepSubject } from "./keep-bodies.ts";

/** Calls the route's own function for a form. The journal keeps a form that was read, even if the route refuses it. */
export function readRouteForm(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { readForm } = request.routeOptions.config;
  if (readForm === undefined || !isForm(request)) {
    done();
    return;
  }
  readForm(request).then(
    () => {
      done();
    },
    (error: unknown) => {
      if (request.sentForm !== undefined) keepSubject(request, undefined);
      done(error instanceof Error ? error : new Error(String(error)));
    },
  );
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** Reads the route's form and sets the request's body from it. */
    readForm?: (request: FastifyRequest) => Promise<void>;
  }
}
