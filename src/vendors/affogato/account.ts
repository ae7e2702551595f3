/**
 * Holds the plan and credits of an affogato account. Plans and their maxima are [inferred]: the documentation says only
 * that they exist.
 */
import { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import { insufficientCredits } from "./errors.ts";

export const accountState = z.strictObject({
  plan: z.enum(["free", "basic", "pro"]),
  /** The account's balance. */
  credits: z.number(),
});

export type AccountState = z.output<typeof accountState>;

/** The largest `batch_size` of one element and the calls per minute, by plan. */
const LIMITS = {
  free: { batchSize: 1, callsPerMinute: 30 },
  basic: { batchSize: 4, callsPerMinute: 60 },
  pro: { batchSize: 8, callsPerMinute: 300 },
} as const;

export const planLimits = (state: AccountState): { readonly batchSize: number; readonly callsPerMinute: number } =>
  LIMITS[state.plan];

export function defaultState(account: string): AccountState {
  switch (account) {
    case "free":
      return { plan: "free", credits: 100 };
    case "broke":
      return { plan: "pro", credits: 10 };
    case "limited":
      return { plan: "basic", credits: 10_000 };
    default:
      return { plan: "pro", credits: 1_000_000 };
  }
}

export function stateOf(account: Account): AccountState {
  return accountState.parse(account.state("affogato"));
}

/** Deducts the price of a generation when it is created [doc: the answer tells what remains]. Throws 402. */
export function chargeCredits(account: Account, price: number): void {
  const { credits } = stateOf(account);
  if (credits < price) throw insufficientCredits();
  account.updateState("affogato", { credits: credits - price });
}
