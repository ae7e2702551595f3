/** Enforces affogato's rate limit before a request is handled. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { explainRate } from "../../http/request/explain-rate.ts";
import { planLimits, stateOf } from "./account.ts";
import { errors } from "./errors.ts";

const MINUTE_MS = 60_000;

/**
 * Counts calls per minute and throws 429 over the limit. No page mentions a rate limit, so it applies only to accounts
 * with enforced limits and shows in no header [inferred].
 */
export function admit(request: FastifyRequest, reply: FastifyReply): void {
  const { sandbox, account, now } = request;
  if (!sandbox.settings.enforcesLimits(account)) return;
  const { used, remainingMs } = sandbox.rates.count(`affogato ${account.name}`, now, MINUTE_MS);
  const limit = planLimits(stateOf(account)).callsPerMinute;
  if (used <= limit) return;
  explainRate(request, reply, { what: "calls", limit, windowMs: MINUTE_MS, used, remainingMs });
  throw errors.rateLimited(Math.ceil(remainingMs / 1000));
}
