/** Credits and organisations of an oxen account. Prices are in US dollars; here they are counted in millionths. */
import { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import { isTerminal } from "../../engine/model/phases.ts";
import type { Transition } from "../../engine/generation/generations.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { toMicros } from "./pricing.ts";

export const accountState = z.strictObject({
  /** What is left to spend, in US dollars. */
  credits: z.number(),
  /** Namespaces beside its own that the account may read and bill: names of other accounts of the sandbox. */
  organizations: z.array(z.string().regex(/^[a-z0-9-]{1,40}$/)),
});

export type AccountState = z.output<typeof accountState>;

/**
 * No plans or limits are documented, so accounts differ by credits alone: `broke` has a cent, less than anything
 * costs. The organisation `team` is there to be shared by all others [inferred].
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

/** Takes the price when a job is enqueued [inferred: the documentation has credits checked then]. */
export function charge(account: Account, micros: number): void {
  account.updateState("oxen", { credits: (balanceOf(account) - micros) / 1_000_000 });
}

/** Gives back what a generation cost that came to nothing [inferred], and settles one whose scenario says what it costs. */
export function settlePrice(sandbox: Sandbox, { generation, to }: Transition): void {
  if (!isTerminal(to)) return;
  const price = to === "succeeded" ? finalPrice(generation) : 0;
  if (price !== generation.cost) charge(sandbox.account(generation.account), price - generation.cost);
}

/** Millionths of a dollar; a scenario gives dollars. */
export function finalPrice({ cost, finalCost }: Transition["generation"]): number {
  return finalCost === undefined ? cost : toMicros(finalCost);
}
