/**
 * Holds the credits and organisations of an oxen account. Prices are in US dollars; this code counts them in
 * millionths.
 */
import { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import { isTerminal } from "../../engine/model/phases.ts";
import type { Transition } from "../../engine/generation/generations.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { toMicros } from "./pricing.ts";

export const accountState = z.strictObject({
  /** The balance, in US dollars. */
  credits: z.number(),
  /** Names of other accounts of the sandbox, whose namespaces this account may read and bill. */
  organizations: z.array(z.string().regex(/^[a-z0-9-]{1,40}$/)),
});

export type AccountState = z.output<typeof accountState>;

/**
 * Returns the first state of an account by its name. No plans or limits are documented, so accounts differ only in
 * their credits: `broke` has one cent, less than any price. All other accounts share the organisation `team`
 * [inferred].
 */
export function defaultState(account: string): AccountState {
  switch (account) {
    case "broke":
      return { credits: 0.01, organizations: [] };
    case "free":
      return { credits: 5, organizations: ["team"] };
    case "limited":
      return { credits: 100, organizations: ["team"] };
    default:
      return { credits: 100_000, organizations: ["team"] };
  }
}

export const stateOf = (account: Account): AccountState => accountState.parse(account.state("oxen"));

export const balanceOf = (account: Account): number => toMicros(stateOf(account).credits);

/** Deducts the price when a job is enqueued [inferred: the documentation has credits checked then]. */
export function charge(account: Account, micros: number): void {
  account.updateState("oxen", { credits: (balanceOf(account) - micros) / 1_000_000 });
}

/**
 * Refunds a generation that does not succeed [inferred]. If a scenario names the final cost, a generation that succeeds
 * costs that amount.
 */
export function correctCharge(sandbox: Sandbox, { generation, to }: Transition): void {
  if (!isTerminal(to)) return;
  const price = to === "succeeded" ? finalPrice(generation) : 0;
  if (price !== generation.cost) charge(sandbox.account(generation.account), price - generation.cost);
}

/** Returns the final price in millionths of a dollar; a scenario names dollars. */
export function finalPrice({ cost, finalCost }: Transition["generation"]): number {
  return finalCost === undefined ? cost : toMicros(finalCost);
}
