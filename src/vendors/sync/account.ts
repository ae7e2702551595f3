/** Holds the plan, billing and use of a sync organisation. Its users are the users of the account's keys. */
import { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import { nextUtcMonth, utcMonthOf } from "../../engine/base/calendar.ts";
import type { Instant } from "../../engine/base/clock.ts";

const plans = ["free", "hobbyist", "creator", "growth", "scale", "enterprise"] as const;

export type Plan = (typeof plans)[number];

export const accountState = z.strictObject({
  plan: z.enum(plans),
  billing: z.enum(["active", "payment_required", "on_hold"]),
  /** Maximum concurrent generations; the plan's own number when absent. */
  concurrency: z.number().int().positive().optional(),
  /** Secret that signs the account's webhooks; the published constant when absent. */
  webhookSecret: z.string().min(1).optional(),
  /** Generations and speech of the month `cycle`; counted only for the free plan. */
  used: z.strictObject({
    cycle: z.string(),
    generations: z.number().int(),
    sync3: z.number().int(),
    /** Generations of speech from text; none when absent. */
    speech: z.number().int().optional(),
  }),
});

export type AccountState = z.output<typeof accountState>;

/** Secret of accounts without their own webhook secret. The secret is the whole text, `whsec_` included [doc]. */
export const DEFAULT_WEBHOOK_SECRET = "whsec_ZmF1eGdlbi1zeW5jLXdlYmhvb2stc2VjcmV0";

/** Maximum concurrent generations by plan [doc: rate-limits]. Enterprise is by agreement; 50 is ours [inferred]. */
const CONCURRENCY: Readonly<Record<Plan, number>> = {
  free: 1,
  hobbyist: 1,
  creator: 3,
  growth: 6,
  scale: 15,
  enterprise: 50,
};

/**
 * The free plan's allowance of a month: 3 generations of 20 s each, at most one of them by sync-3, of 15 s [doc:
 * error-handling]; and 10 generations of speech from text [doc: product/billing].
 */
export const FREE_ALLOWANCE = { generations: 3, seconds: 20, sync3: 1, sync3Seconds: 15, speech: 10 } as const;

/** Maximum cloned voices by plan [inferred: that there is a limit is documented, its size is not]. */
const CLONES: Readonly<Record<Plan, number>> = {
  free: 0,
  hobbyist: 1,
  creator: 3,
  growth: 10,
  scale: 30,
  enterprise: Infinity,
};

/**
 * Returns the first state of an account by its name. Hobbyist is the lowest paid plan. `broke` is an organisation that
 * has not paid, because sync bills money and not credits.
 */
export function defaultState(account: string): AccountState {
  const fresh = { billing: "active", used: { cycle: "", generations: 0, sync3: 0 } } as const;
  switch (account) {
    case "free":
      return { plan: "free", ...fresh };
    case "broke":
      return { plan: "creator", ...fresh, billing: "payment_required" };
    case "limited":
      return { plan: "hobbyist", ...fresh };
    default:
      return { plan: "enterprise", ...fresh };
  }
}

/** Returns the organisation's state in the month of `now`. */
export function stateOf(account: Account, now: Instant): AccountState {
  const state = account.stateAs("sync", accountState);
  const cycle = cycleOf(now);
  return state.used.cycle === cycle ? state : { ...state, used: { cycle, generations: 0, sync3: 0 } };
}

export function concurrencyOf({ plan, concurrency }: AccountState): number {
  return concurrency ?? CONCURRENCY[plan];
}

export function clonesAllowed({ plan }: AccountState): number {
  return CLONES[plan];
}

/** Returns whether the account's plan is `least` or a higher one. */
export function hasPlan({ plan }: AccountState, least: Plan): boolean {
  return plans.indexOf(plan) >= plans.indexOf(least);
}

/** Returns the secret that signs the account's webhooks. */
export function webhookSecretOf(account: Account): string {
  return accountState.parse(account.state("sync")).webhookSecret ?? DEFAULT_WEBHOOK_SECRET;
}

/** Returns the billing cycle, a month of the sandbox's clock in UTC [inferred: only "per month" is documented]. */
export function cycleOf(now: Instant): string {
  return utcMonthOf(now);
}

/** Returns the instant at which the next billing cycle begins. */
export function nextCycleOf(now: Instant): Instant {
  return nextUtcMonth(now);
}
