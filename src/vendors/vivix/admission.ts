/** What vivix asks of a caller before it looks at the request: plan, then rate (order [inferred]: key, plan, rate). */
import type { FastifyReply, FastifyRequest } from "fastify";
import { uuidFrom } from "../../engine/base/ids.ts";
import { explain } from "../../http/request/explain.ts";
import { balanceOf, planLimits, stateOf } from "./account.ts";
import { errors, tierLocked } from "./errors.ts";

const MINUTE_MS = 60_000;

/** Every request counts as one call, whatever it costs [doc]; the call itself is counted first [doc: 239 of 240 left]. */
export function admit(request: FastifyRequest, reply: FastifyReply): void {
  const { sandbox, account, now } = request;
  const state = stateOf(account, now);
  if (state.plan === "free" || state.plan === "standard") throw tierLocked();
  const limit = planLimits(state).calls_per_minute;
  const { used, remainingMs } = sandbox.rates.count(`vivix ${account.name}`, now, MINUTE_MS);
  if (used > limit && sandbox.settings.enforcesLimits(account)) {
    if (sandbox.clock.state.mode === "frozen") explain(request, reply, "RATE_LIMIT_ON_FROZEN_CLOCK");
    throw errors.rateLimited(Math.ceil(remainingMs / 1000));
  }
  reply.header("x-ratelimit-remaining", String(Math.max(0, limit - used)));
}

/**
 * `X-Request-Id` on every answer, equal to `request_id` in an error's body; `X-Credits-Balance` on good ones, a plain
 * integer [inferred: the documentation's sample has a thousands comma], as it is after the call [doc].
 */
export function addHeaders(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  const { sandbox, account, keyVerdict } = request;
  const requestId = nextRequestId(request);
  reply.header("x-request-id", requestId);
  if (reply.statusCode < 400) {
    if (keyVerdict?.ok === true)
      reply.header("x-credits-balance", String(balanceOf(stateOf(account, sandbox.clock.now()))));
    return payload;
  }
  reply.removeHeader("x-ratelimit-remaining");
  if (typeof payload !== "string" || !payload.startsWith("{")) return payload;
  const { error, message, next, ...context } = JSON.parse(payload) as Record<string, unknown>;
  return JSON.stringify({ error, message, next, request_id: requestId, ...context });
}

function nextRequestId(request: FastifyRequest): string {
  const owner = request.keyVerdict?.ok === true ? request.account : request.sandbox.account("main");
  const digest = owner.nextPassingDigest("vivix", "request");
  return `req_${uuidFrom(digest).replaceAll("-", "").slice(0, 24)}`;
}
