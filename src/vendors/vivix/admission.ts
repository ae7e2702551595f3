/** Checks the caller's plan and then its rate before a request is handled (order [inferred]: key, plan, rate). */
import type { FastifyReply, FastifyRequest } from "fastify";
import { explainRate } from "../../http/request/explain-rate.ts";
import { planLimits, stateOf } from "./account.ts";
import { errors, tierLocked } from "./errors.ts";

const MINUTE_MS = 60_000;

/**
 * Counts every request as one call, regardless of its price [doc]; the header counts the current call too [doc: 239 of
 * 240 left].
 */
export function admit(request: FastifyRequest, reply: FastifyReply): void {
  const { sandbox, account, now } = request;
  const state = stateOf(account, now);
  if (state.plan === "free" || state.plan === "standard") throw tierLocked();
  const limit = planLimits(state).calls_per_minute;
  const { used, remainingMs } = sandbox.rates.count(`vivix ${account.name}`, now, MINUTE_MS);
  if (used > limit && sandbox.settings.enforcesLimits(account)) {
    explainRate(request, reply, { what: "calls", limit, windowMs: MINUTE_MS, used, remainingMs });
    throw errors.rateLimited(Math.ceil(remainingMs / 1000));
  }
  reply.header("x-ratelimit-remaining", String(Math.max(0, limit - used)));
}
