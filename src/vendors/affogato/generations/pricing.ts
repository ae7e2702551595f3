/**
 * Computes the prices of outputs and refunds failed ones. No page gives a price, so the figures in
 * `fixtures/affogato/prices.json` are [inferred].
 */
import { z } from "zod";
import type { Transition } from "../../../engine/generation/generations.ts";
import { isTerminal } from "../../../engine/model/phases.ts";
import type { Sandbox } from "../../../engine/sandbox/sandbox.ts";
import type { Fixture, FixtureLibrary } from "../../../fixtures/library.ts";
import { stateOf } from "../account.ts";
import { attributesOf } from "./store.ts";

const items = [
  "image",
  "image-plus",
  "image-flux",
  "segment",
  "true_touch",
  "narrator-second",
  "video_anyone-second",
] as const;

const price = z.strictObject({ item: z.enum(items), credits: z.number().nonnegative() });

export const prices: Fixture<z.output<typeof price>> = {
  name: "affogato/prices",
  item: price,
  keyOf: ({ item }) => item,
};

/** Returns the credits for `quantity` of an item: outputs, or seconds of a video, rounded up. */
export function priceOf(library: FixtureLibrary, item: (typeof items)[number], quantity = 1): number {
  return (library.mapOf(prices).get(item)?.credits ?? 0) * Math.ceil(quantity);
}

/**
 * Refunds the price of each failed output; a censored output was made and stays paid [inferred]. If a scenario names
 * the final cost, a generation that succeeds costs that amount.
 */
export function correctCharge(sandbox: Sandbox, { generation, to }: Transition): void {
  if (!isTerminal(to)) return;
  const { prices } = attributesOf(generation);
  const back = generation.outputs
    .filter((output) => to === "cancelled" || output.result === "failed")
    .reduce((sum, output) => sum + (prices[output.id] ?? 0), 0);
  const { cost, finalCost } = generation;
  const due = to === "succeeded" && finalCost !== undefined ? cost - finalCost : back;
  if (due === 0) return;
  const account = sandbox.account(generation.account);
  account.updateState("affogato", { credits: stateOf(account).credits + due });
}
