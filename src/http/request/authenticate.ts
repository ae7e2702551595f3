/** Refuses requests without a usable key on routes that need one, then runs the vendor's own admission checks. */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction, RouteOptions } from "fastify";
import type { KeyProblem } from "../errors/vendor-error.ts";
import { explain } from "./explain.ts";

/**
 * Adds {@link authenticate} as the first hook of a route, unless the route is public. Each route checks the key itself,
 * so that an unknown path gets the vendor's 404 with and without a key.
 */
export function requireKey(route: RouteOptions): void {
  if (route.config?.access === "public" || route.method === "OPTIONS") return;
  const own = route.onRequest === undefined ? [] : [route.onRequest].flat();
  route.onRequest = [authenticate, ...own];
}

function authenticate(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { vendorHttp, keyVerdict } = request;
  if (vendorHttp === undefined) {
    done();
    return;
  }
  if (keyVerdict?.ok === true) {
    vendorHttp.admit?.(request, reply);
    done();
    return;
  }
  const problem: KeyProblem = keyVerdict?.reason ?? "missing";
  explain(request, reply, KEY_DIAGNOSTICS[problem]);
  done(vendorHttp.errors.unauthorized(problem));
}

const KEY_DIAGNOSTICS = {
  missing: "KEY_MISSING",
  malformed: "KEY_MALFORMED",
  unknown: "KEY_UNKNOWN",
  revoked: "KEY_REVOKED",
} as const satisfies Record<KeyProblem, string>;
