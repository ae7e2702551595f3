/** Enforces affogato's rate limit before a request is handled. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { explain } from "../../http/request/explain.ts";
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
  if (used <= planLimits(stateOf(account)).callsPerMinute) return;
  if (sandbox.clock.state.mode === "frozen") explain(request, reply, "RATE_LIMIT_ON_FROZEN_CLOCK");
  throw errors.rateLimited(Math.ceil(remainingMs / 1000));
}
