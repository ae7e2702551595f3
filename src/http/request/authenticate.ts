/** Refuses requests without a usable key on routes that need one, then runs the vendor's own admission checks. */
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction, RouteOptions } from "fastify";
import type { KeyProblem } from "../errors/vendor-error.ts";
import { describeKey, flawOfKey } from "../../engine/base/keys.ts";
import { explain } from "./explain.ts";
import { wordMadeAccount, wordMissingKey, wordUnknownAccount, wordUnknownKey } from "./key-form.ts";
import type { VendorHttp } from "./vendor-http.ts";

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
    if (keyVerdict.isAccountNew === true) {
      const { sandbox, account } = keyVerdict.principal;
      explain(request, reply, "ACCOUNT_MADE", wordMadeAccount(sandbox.name, account.name, sandbox.accounts.names()));
    }
    vendorHttp.admit?.(request, reply);
    done();
    return;
  }
  const problem = refuseKey(request, reply, vendorHttp);
  done(vendorHttp.errors.unauthorized(problem));
}

/** Explains why the key is refused; returns the vendor's kind of problem. */
function refuseKey(request: FastifyRequest, reply: FastifyReply, vendor: VendorHttp): KeyProblem {
  const { keyVerdict } = request;
  const key = vendor.apiKey(request) ?? "";
  const reason = keyVerdict === undefined || keyVerdict.ok ? "missing" : keyVerdict.reason;
  switch (reason) {
    case "missing":
      explain(request, reply, "KEY_MISSING", wordMissingKey(request, vendor));
      return "missing";
    case "malformed":
      explain(request, reply, "KEY_MALFORMED", flawOfKey(key));
      return "malformed";
    case "unknown":
      explain(request, reply, "KEY_UNKNOWN", wordUnknownKey(request.server.httpContext, vendor, key));
      return "unknown";
    case "no-account": {
      const { sandbox } = request;
      const name = describeKey(key);
      const account = typeof name === "object" ? name.account : "";
      explain(request, reply, "ACCOUNT_UNKNOWN", wordUnknownAccount(sandbox.name, account, sandbox.accounts.names()));
      return "unknown";
    }
    case "revoked":
      explain(request, reply, "KEY_REVOKED");
      return "revoked";
  }
}
