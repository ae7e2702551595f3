/** Defines Acme's admission: a caller needs a plan and has a limit of calls per minute. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { stateOf } from "./account.ts";
import { errors, noPlan } from "./errors.ts";

const MINUTE_MS = 60_000;
const CALLS_PER_MINUTE = { basic: 60, full: 600 } as const;

export function admit({ sandbox, account, now }: FastifyRequest, reply: FastifyReply): void {
  const { plan } = stateOf(account);
  if (plan === "none") throw noPlan();
  const { used, remainingMs } = sandbox.rates.count(`acme ${account.name}`, now, MINUTE_MS);
  const left = CALLS_PER_MINUTE[plan] - used;
  if (left < 0 && sandbox.settings.enforcesLimits(account)) throw errors.rateLimited(Math.ceil(remainingMs / 1000));
  reply.header("x-acme-calls-left", String(Math.max(0, left)));
}
