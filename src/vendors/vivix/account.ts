/** Holds the plan, credits and limits of a vivix account. */
import { utcMonthOf } from "../../engine/base/calendar.ts";
import { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import type { Instant } from "../../engine/base/clock.ts";
import type { Transition } from "../../engine/generation/generations.ts";
import { isTerminal } from "../../engine/model/phases.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";

export const accountState = z.strictObject({
  plan: z.enum(["free", "standard", "pro", "ultimate"]),
  /** Credits granted at the start of each cycle. */
  granted: z.number().int(),
  /** Credits used or held in the month `cycle`. */
  spent: z.number().int(),
  /** Month of the sandbox's clock to which `spent` belongs, such as `2026-11`; `spent` starts at 0 in a later month. */
  cycle: z.string(),
  /** Models that the account may call; absent for all. */
  allowedModels: z.array(z.string()).optional(),
});

export type AccountState = z.output<typeof accountState>;

/** Calls per minute and concurrent jobs by plan [doc]. */
const LIMITS = {
  free: { calls_per_minute: 0, concurrent_jobs: 0 },
  standard: { calls_per_minute: 0, concurrent_jobs: 0 },
  pro: { calls_per_minute: 240, concurrent_jobs: 5 },
  ultimate: { calls_per_minute: 600, concurrent_jobs: 20 },
} as const;

export const planLimits = (state: AccountState): { calls_per_minute: number; concurrent_jobs: number } =>
  LIMITS[state.plan];

/**
 * Returns the first state of an account by its name. Only Pro and Ultimate may use the API [doc], so `limited` has Pro,
 * the lowest plan with access.
 */
export function defaultState(account: string): AccountState {
  const fresh = { spent: 0, cycle: "" };
  switch (account) {
    case "free":
      return { plan: "free", granted: 0, ...fresh };
    case "broke":
      return { plan: "pro", granted: 10, ...fresh };
    case "limited":
      return { plan: "pro", granted: 15_000, ...fresh };
    default:
      return { plan: "ultimate", granted: 1_000_000, ...fresh };
  }
}

/** Returns the account's state in the cycle of `now`. */
export function stateOf(account: Account, now: Instant): AccountState {
  const state = account.stateAs("vivix", accountState);
  const cycle = utcMonthOf(now);
  return state.cycle === cycle ? state : { ...state, spent: 0, cycle };
}

export const balanceOf = (state: AccountState): number => state.granted - state.spent;

/**
 * Returns the start of the next cycle. A cycle is a calendar month (UTC) [inferred: only that a cycle exists is
 * documented].
 */
export function cycleResetsAt(now: Instant): Instant {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

/** Holds the estimate when a job is submitted, so that other jobs cannot spend it. */
export function holdCredits(account: Account, amount: number, now: Instant): void {
  const state = stateOf(account, now);
  account.updateState("vivix", { ...state, spent: state.spent + amount });
}

/**
 * Corrects the charge of the held credits: keeps the successful outputs and refunds the rest [seed: failed jobs refund
 * automatically].
 */
export function correctCharge(sandbox: Sandbox, { generation, to, at }: Transition): void {
  if (!isTerminal(to)) return;
  const account = sandbox.account(generation.account);
  const state = stateOf(account, at);
  const held = utcMonthOf(generation.createdAt) === state.cycle ? generation.cost : 0;
  account.updateState("vivix", { ...state, spent: state.spent - held + creditsUsed(generation) });
}

/**
 * Returns the cost of a generation: 0 unless it succeeded, the scenario's cost if it names one, otherwise the share of
 * the price for the successful outputs.
 */
export function creditsUsed(generation: Transition["generation"]): number {
  if (generation.announced !== "succeeded" || generation.outputs.length === 0) return 0;
  const made = generation.outputs.filter((output) => output.result === "succeeded").length;
  if (generation.finalCost !== undefined) return Math.round(generation.finalCost);
  return Math.round((generation.cost / generation.outputs.length) * made);
}
