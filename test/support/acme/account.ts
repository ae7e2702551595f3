/** Defines Acme's accounts: plan, credits, and the secret that signs the webhooks. */
import { z } from "zod";
import type { Account } from "../../../src/engine/generation/accounts.ts";
import type { Transition } from "../../../src/engine/generation/generations.ts";
import { isTerminal } from "../../../src/engine/model/phases.ts";
import type { Sandbox } from "../../../src/engine/sandbox/sandbox.ts";
import { noCredits } from "./errors.ts";

/** The price of one picture, in credits. */
export const PICTURE_PRICE = 5;

export const accountState = z.strictObject({
  plan: z.enum(["none", "basic", "full"]),
  credits: z.int(),
  webhookSecret: z.string().optional(),
});

type AccountState = z.output<typeof accountState>;

export function defaultState(account: string): AccountState {
  switch (account) {
    case "free":
      return { plan: "none", credits: 0 };
    case "broke":
      return { plan: "basic", credits: 1 };
    case "limited":
      return { plan: "basic", credits: 1000 };
    default:
      return { plan: "full", credits: 100_000 };
  }
}

export const stateOf = (account: Account): AccountState => account.stateAs("acme", accountState);

/** Checks that the account can pay for a job. Throws 402. */
export function requireCredits(account: Account, amount: number): void {
  const { credits } = stateOf(account);
  if (credits < amount) throw noCredits(credits, amount);
}

/** Deducts the price of a job. Throws 402. */
export function takeCredits(account: Account, amount: number): void {
  requireCredits(account, amount);
  account.updateState("acme", { credits: stateOf(account).credits - amount });
}

/** Refunds the unused part of the price of an ended job. */
export function settleCredits(sandbox: Sandbox, { generation, to }: Transition): void {
  if (!isTerminal(to)) return;
  const account = sandbox.account(generation.account);
  account.updateState("acme", { credits: stateOf(account).credits + generation.cost - costOf(generation) });
}

/** Returns the cost of a job: the price of each finished picture, or the cost that its scenario sets. */
export function costOf({ announced, outputs, finalCost }: Transition["generation"]): number {
  if (announced !== "succeeded") return 0;
  return finalCost ?? PICTURE_PRICE * outputs.filter(({ result }) => result === "succeeded").length;
}
