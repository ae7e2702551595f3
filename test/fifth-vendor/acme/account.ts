/** The state of an account at Acme: its ink. */
import { z } from "zod";
import type { Account } from "../../engine/generation/accounts.ts";
import type { Transition } from "../../engine/generation/generations.ts";
import { isTerminal } from "../../engine/model/phases.ts";
import type { Sandbox } from "../../engine/sandbox/sandbox.ts";
import { noInk } from "./errors.ts";

/** The ink that a picture costs. */
export const INK_PER_PICTURE = 5;

export const accountState = z.strictObject({ ink: z.int() });

export function defaultState(account: string): z.output<typeof accountState> {
  return { ink: account === "broke" ? 0 : 1000 };
}

export const inkOf = (account: Account): number => account.stateAs("acme", accountState).ink;

/** Charges the ink of a picture when it is created. Throws 402. */
export function takeInk(account: Account): void {
  if (inkOf(account) < INK_PER_PICTURE) throw noInk();
  account.updateState("acme", { ink: inkOf(account) - INK_PER_PICTURE });
}

/** Refunds the ink of a picture that is not drawn. A drawn picture costs what its scenario says, if it says a cost. */
export function settleInk(sandbox: Sandbox, { generation, to }: Transition): void {
  if (!isTerminal(to)) return;
  const { cost, finalCost = cost } = generation;
  const used = to === "succeeded" ? Math.round(finalCost) : 0;
  const account = sandbox.account(generation.account);
  account.updateState("acme", { ink: inkOf(account) + cost - used });
}
