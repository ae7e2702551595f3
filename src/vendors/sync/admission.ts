/** Enforces sync's rate limits [doc: rate-limits]. No response of sync shows them in a header. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { explainRate } from "../../http/request/explain-rate.ts";
import type { Operation } from "../../http/journal/operations.ts";
import { errors } from "./errors.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Rate {
  readonly limit: number;
  readonly windowMs: number;
  /** Whether each user of an organisation has a count of their own. */
  readonly isPerUser?: boolean;
}

/**
 * Maximum requests of an organisation per window [doc]. 2026-06 counts by IP address; a sandbox always counts by
 * organisation.
 */
const RATES: Readonly<Partial<Record<Operation, Rate>>> = {
  createGeneration: { limit: 100, windowMs: MINUTE_MS },
  getGeneration: { limit: 600, windowMs: MINUTE_MS },
  createTts: { limit: 60, windowMs: MINUTE_MS },
  createTtsJob: { limit: 60, windowMs: MINUTE_MS },
  cloneVoice: { limit: 10, windowMs: HOUR_MS },
  createAssetUpload: { limit: 120, windowMs: MINUTE_MS },
  analyzeSpeakers: { limit: 3, windowMs: MINUTE_MS },
  submitFeedback: { limit: 30, windowMs: MINUTE_MS, isPerUser: true },
};

export function admit(request: FastifyRequest, reply: FastifyReply): void {
  const { sandbox, account, user, now } = request;
  const { operation } = request.routeOptions.config;
  const rate = operation === undefined ? undefined : RATES[operation];
  if (operation === undefined || rate === undefined) return;
  const caller = rate.isPerUser === true ? `${account.name} ${user}` : account.name;
  const { used, remainingMs } = sandbox.rates.count(`sync ${caller} ${operation}`, now, rate.windowMs);
  if (used <= rate.limit || !sandbox.settings.enforcesLimits(account)) return;
  explainRate(request, reply, { what: operation, ...rate, used, remainingMs });
  throw errors.rateLimited(Math.ceil(remainingMs / 1000), request);
}
